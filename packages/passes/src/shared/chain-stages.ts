/** The convolutions of a chain as numbers: their work, their weights, and the images between them. */

import { allBound, convKind, dtypes, type Node, type Value } from '@whittle/ir';
import type { SeparableChain } from './separable-chain.js';

export interface ChainStages {
  /** In order of execution. */
  readonly stages: readonly Stage[];
  /** What is added to the result. */
  readonly residual: Value | undefined;
}

export interface Stage {
  readonly node: Node;
  readonly kind: 'depthwise' | 'pointwise';
  readonly macs: number;
  readonly weightBytes: number;
  /** Taps along the axis of the rows. */
  readonly kernelRows: number;
  readonly input: Image;
  readonly output: Image;
}

/** A tensor [N, C, rows, …]; its first spatial axis is cut into bands. */
export interface Image {
  readonly value: Value;
  readonly bytes: number;
  readonly rows: number;
  /** Positions along the other spatial axes. */
  readonly pixelsOfRow: number;
}

/** Undefined where some dim has no number. */
export function stagesOfChain({
  expand,
  depthwise,
  pointwise,
}: SeparableChain): ChainStages | undefined {
  const nodes = [expand, depthwise, pointwise].flatMap((node) => node ?? []);
  const stages = nodes.flatMap((node) => stageOf(node) ?? []);
  if (stages.length < nodes.length) return undefined;
  return { stages, residual: nodes.at(-1)?.inputs[3] };
}

function stageOf(node: Node): Stage | undefined {
  const input = imageOf(node.inputs[0]);
  const output = imageOf(node.outputs[0]);
  const filter = node.inputs[1]?.type?.dims;
  if (!input || !output || !filter || !allBound(filter)) return undefined;
  const elements = output.bytes / bytesOfElement(output.value);
  return {
    node,
    kind: convKind(node) === 'depthwise' ? 'depthwise' : 'pointwise',
    macs: elements * product(filter.slice(1)),
    weightBytes: product(filter) * bytesOfElement(output.value),
    kernelRows: filter[2] ?? 1,
    input,
    output,
  };
}

function imageOf(value: Value | undefined): Image | undefined {
  const dims = value?.type?.dims;
  if (value === undefined || dims === undefined || !allBound(dims)) return undefined;
  const [, , rows = 1, ...across] = dims;
  return { value, bytes: bytesOf(value), rows, pixelsOfRow: product(across) };
}

/** The bytes of a tensor whose dims are numbers. */
export function bytesOf(value: Value): number {
  const dims = value.type?.dims ?? [];
  return allBound(dims) ? product(dims) * bytesOfElement(value) : 0;
}

function bytesOfElement({ type }: Value): number {
  return type === undefined ? 0 : dtypes[type.dtype].bytes;
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1);
}
