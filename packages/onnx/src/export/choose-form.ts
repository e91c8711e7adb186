/** Which opset a graph needs, and the form of each node in it. */

import { CompilerError, type DType, findOp, isFloat, type Node, type OpRecord } from '@whittle/ir';
import { upgradeTable } from '../upgrade/upgrade-table.js';
import { type Form, unchanged } from './form.js';
import { olderForms } from './older-forms.js';
import { quantizationForms } from './quantization-forms.js';
import { unchangedForms } from './unchanged-forms.js';

/** The lowest opset that can say what the node says; `source` is the opset the graph came in. */
export function lowestOpset(node: Node, source: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const form of formsOf(node, source)) {
    if (form.since < lowest && form.write(node) !== undefined) lowest = form.since;
  }
  return lowest;
}

/**
 * The node in the newest form that `opset` has.
 * @throws {CompilerError} `E_INVALID_OPTION` where no form of that opset says the same.
 */
export function writeNode(node: Node, opset: number, source: number): readonly Node[] {
  for (const form of formsOf(node, source)) {
    const nodes = form.since <= opset ? form.write(node) : undefined;
    if (nodes !== undefined) return nodes;
  }
  throw new CompilerError(
    'E_INVALID_OPTION',
    `${node.op} cannot be written in opset ${opset}; this one needs ${lowestOpset(node, source)}.`,
    { where: { node: node.name, op: node.op } },
  );
}

function formsOf(node: Node, source: number): readonly Form[] {
  if (node.op.includes('::')) return [unchanged(1)];
  const record = findOp(node.op);
  if (record === undefined) return [unchanged(Math.max(source, upgradedSince(node.op)))];
  const quantized = quantizationForms.get(node.op);
  if (quantized !== undefined) return quantized;
  if (hasLateDType(node)) return [unchanged(record.since ?? 1)];
  const older = olderForms.get(node.op);
  if (older !== undefined) return older;
  return [unchanged(Math.max(unchangedSince(node, record), countsFromTheEnd(node) ? 11 : 1))];
}

function unchangedSince(node: Node, record: OpRecord): number {
  const row = Object.hasOwn(unchangedForms, node.op) ? unchangedForms[node.op] : undefined;
  if (row === undefined) return record.since ?? 1;
  const dtype = node.inputs[0]?.type?.dtype;
  const [floats, others] = row;
  return dtype === undefined || isFloat(dtype) ? floats : others;
}

/** An op without a record is in the form it came in, or that the last of its upgrade rules gives. */
function upgradedSince(op: string): number {
  const belows = (upgradeTable.get(op) ?? []).map((row) => row.below);
  return Math.max(1, ...belows.filter(Number.isFinite));
}

/** Element types that ops came to take one version after the other; the newest takes all it takes. */
const lateDTypes: readonly DType[] = ['int8', 'int16', 'uint8', 'uint16', 'bfloat16', 'string'];

function hasLateDType(node: Node): boolean {
  return node.inputs.some((input) => input?.type && lateDTypes.includes(input.type.dtype));
}

/** Negative axes came with opset 11. */
function countsFromTheEnd(node: Node): boolean {
  const { axis, axes } = node.attributes;
  return (
    (axis?.kind === 'int' && axis.value < 0) ||
    (axes?.kind === 'ints' && axes.value.some((value) => value < 0))
  );
}
