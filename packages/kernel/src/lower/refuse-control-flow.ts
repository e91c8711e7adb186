/** What keeps an op that runs the graphs inside it from being lowered. */

import {
  CompilerError,
  dimsEqual,
  formatDims,
  type Node,
  type TensorType,
  type Value,
} from '@whittle/ir';
import type { Capabilities } from '../schedule/capabilities.js';

/**
 * @throws {CompilerError} `E_UNSUPPORTED_FEATURE` for an `If` or a `Loop` on a target with a grid, where branches
 * have no type in common, and where values change their shapes from turn to turn.
 */
export function refuseControlFlow(node: Node, target: Capabilities): void {
  if (Object.keys(node.regions).length === 0) return;
  const refuse = (message: string, hint?: string): never => {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', `${node.op} ${message}.`, {
      ...(hint !== undefined && { hint }),
      where: { node: node.name, op: node.op },
    });
  };
  for (const [i, output] of node.outputs.entries()) {
    if (output === undefined || output.type !== undefined) continue;
    const types = Object.values(node.regions).map((region) => typeText(region.outputs[i]?.value));
    refuse(`gives "${output.name}" no type that is known: ${types.join(' and ')}`);
  }
  refuseChangingShapes(node, refuse);
  if (target.grid === undefined) return;
  refuse(
    `runs as data decide, which ${target.target} leaves to no kernel`,
    'It takes an If whose branches give tensors of the same shapes, and a Loop whose most turns are known and few. js and wasm take others.',
  );
}

/** What a loop carries must leave each turn as it enters it. */
function refuseChangingShapes(
  { inputs, regions: { body } }: Node,
  refuse: (message: string, hint: string) => never,
): void {
  const [, , ...carried] = body?.inputs ?? [];
  for (const [i, value] of carried.entries()) {
    const entered = inputs[i + 2];
    const left = body?.outputs[i + 1]?.value;
    const types = [entered, value, left].map((each) => each?.type);
    if (types.every((type) => type !== undefined && isSame(type, types[0]))) continue;
    refuse(
      `carries "${value.name}" from turn to turn, which is ${typeText(entered)} at first and then ${typeText(left)}`,
      'Memory is planned ahead, so that each turn must give what it takes.',
    );
  }
}

function isSame(a: TensorType, b: TensorType | undefined): boolean {
  return a.dtype === b?.dtype && dimsEqual(a.dims, b.dims);
}

function typeText(value: Value | undefined): string {
  return value?.type === undefined
    ? 'of unknown type'
    : `${value.type.dtype} ${formatDims(value.type.dims)}`;
}
