/** The convolutions of a chain as numbers: their work, their weights, and the images between them. */

import { allBound, convKind, dtypes, elementCount, type Node, type Value } from '@whittle/ir';
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
  readonly input: Images;
  readonly output: Images;
}

/** A tensor [N, C, rows, …] of N images; their first spatial axis is cut into bands. */
interface Images {
  readonly value: Value;
  readonly bytes: number;
  readonly count: number;
  /** Of a row of one image. */
  readonly rowBytes: number;
  /** Of one image, as are the pixels. */
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
  const input = imagesOf(node.inputs[0]);
  const output = imagesOf(node.outputs[0]);
  const filter = node.inputs[1]?.type?.dims;
  if (!input || !output || !filter || !allBound(filter)) return undefined;
  const elements = output.bytes / bytesOfElement(output.value);
  return {
    node,
    kind: convKind(node) === 'depthwise' ? 'depthwise' : 'pointwise',
    macs: elements * elementCount(filter.slice(1)),
    weightBytes: elementCount(filter) * bytesOfElement(output.value),
    kernelRows: filter[2] ?? 1,
    input,
    output,
  };
}

function imagesOf(value: Value | undefined): Images | undefined {
  const dims = value?.type?.dims;
  if (value === undefined || dims === undefined || !allBound(dims)) return undefined;
  const [count = 1, channels = 1, rows = 1, ...across] = dims;
  const pixelsOfRow = elementCount(across);
  const rowBytes = channels * pixelsOfRow * bytesOfElement(value);
  return { value, bytes: bytesOf(value), count, rowBytes, rows, pixelsOfRow };
}

/** The bytes of a tensor whose dims are numbers. */
export function bytesOf(value: Value): number {
  const dims = value.type?.dims ?? [];
  return allBound(dims) ? elementCount(dims) * bytesOfElement(value) : 0;
}

function bytesOfElement({ type }: Value): number {
  return type === undefined ? 0 : dtypes[type.dtype].bytes;
}
