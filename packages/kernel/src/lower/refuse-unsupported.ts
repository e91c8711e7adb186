/** All that keeps a graph from being lowered, said at once and before anything is done. */

import {
  CompilerError,
  findOp,
  formatDims,
  type Graph,
  isBound,
  type Node,
  namesOfDim,
  type Value,
} from '@whittle/ir';
import type { Capabilities } from '../schedule/capabilities.js';
import { refuseControlFlow } from './refuse-control-flow.js';
import { hasRule } from './table.js';

/**
 * @throws {CompilerError} `E_UNSUPPORTED_OP` naming every op without a rule and its nodes;
 * `E_UNSUPPORTED_FEATURE` for strings, and for control flow that the target does not have;
 * `E_UNBOUND_DIM` naming the dims that are still symbolic; `E_LIMIT_SIZE` for a tensor in which
 * positions would pass 31 bits, whether or not it would get memory.
 */
export function refuseUnsupported(graph: Graph, target: Capabilities): void {
  const nodes = nodesIn(graph);
  const unsupported = nodes.filter((node) => !hasRule(node.op));
  if (unsupported.length > 0) throw unsupportedOps(graph, unsupported);
  const values = [...graph.inputs, ...nodes.flatMap(valuesMadeBy)];
  const operands = [...values, ...nodes.flatMap(({ inputs }) => inputs)];
  const text = operands.find((value) => value?.type?.dtype === 'string');
  if (text !== undefined) throw hasStrings(text);
  for (const node of nodes) refuseControlFlow(node, target);
  const unbound = values.find((value) => value?.type?.dims.some((dim) => !isBound(dim)));
  if (unbound !== undefined) throw unboundDim(graph, unbound);
  const large = values.find((value) => elementsOf(value) > maxElements);
  if (large !== undefined) throw tooLarge(large.name, elementsOf(large));
}

/** The values that a node defines, those that its regions take included. */
function valuesMadeBy({ outputs, regions }: Node): readonly (Value | undefined)[] {
  return [...outputs, ...Object.values(regions).flatMap(({ inputs }) => inputs)];
}

/** Those of regions included, which the importer keeps from nesting deep. */
function nodesIn(graph: Graph): readonly Node[] {
  return graph.nodes.flatMap((node) => {
    const regions = Object.values(node.regions);
    return regions.length === 0 ? [node] : [node, ...regions.flatMap(nodesIn)];
  });
}

function hasStrings({ name }: Value): CompilerError {
  return new CompilerError('E_UNSUPPORTED_FEATURE', `"${name}" is a tensor of strings.`, {
    hint: 'Targets have no strings. Turn texts into numbers before the model.',
    where: { tensor: name },
  });
}

/** Positions must stay below 2^31, in elements; the arena's bytes are checked when it is planned. */
export const maxElements = 2 ** 31 - 1;

export function tooLarge(tensor: string, elements: number): CompilerError {
  return new CompilerError('E_LIMIT_SIZE', `"${tensor}" has ${elements} elements.`, {
    hint: `A tensor may have at most ${maxElements} elements, padding included.`,
    where: { tensor },
  });
}

function elementsOf(value: Value | undefined): number {
  return (value?.type?.dims ?? []).reduce<number>((product, dim) => product * Number(dim), 1);
}

function unsupportedOps(graph: Graph, nodes: readonly Node[]): CompilerError {
  const byOp = new Map<string, string[]>();
  for (const node of nodes) {
    const names = byOp.get(node.op) ?? [];
    names.push(node.name === '' ? (node.outputs[0]?.name ?? '?') : node.name);
    byOp.set(node.op, names);
  }
  const list = [...byOp].map(([op, names]) => {
    const shown = names.slice(0, 8).map((name) => JSON.stringify(name));
    const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
    const record = findOp(op);
    const known = record && !record.hint ? ' (known, but no target runs it yet)' : '';
    return `${op}${known}: ${shown.join(', ')}${more}`;
  });
  const [first] = nodes;
  const hints = new Set(nodes.flatMap((node) => findOp(node.op)?.hint ?? []));
  return new CompilerError(
    'E_UNSUPPORTED_OP',
    `The model uses ${byOp.size} unsupported op${byOp.size === 1 ? '' : 's'}: ${list.join('; ')}.`,
    {
      hint: [...hints, 'See docs/supported-ops.md for what can be compiled.'].join(' '),
      where: { graph: graph.name, ...(first && { node: first.name, op: first.op }) },
    },
  );
}

function unboundDim(graph: Graph, value: Value): CompilerError {
  const names = new Set<string>();
  for (const dim of value.type?.dims ?? []) namesOfDim(dim, names);
  const inputs = graph.inputs.filter((input) => input.type?.dims.some((dim) => !isBound(dim)));
  const shapes = inputs.map((input) => `${input.name}: ${formatDims(input.type?.dims ?? [])}`);
  const unbound = [...names].map((name) => JSON.stringify(name)).join(', ');
  return shapes.length > 0
    ? new CompilerError(
        'E_UNBOUND_DIM',
        `Dims without a number: ${unbound}, in ${shapes.join('; ')}.`,
        {
          hint: 'Bind them with --shape NAME:1,3,224,224 or --dim NAME=N.',
          where: { graph: graph.name, tensor: value.name },
        },
      )
    : new CompilerError(
        'E_UNBOUND_DIM',
        `The shape of "${value.name}", ${formatDims(value.type?.dims ?? [])}, depends on data.`,
        {
          hint: 'Whittle plans memory ahead. It runs shapes that only a run can tell where they have a bound: see docs/design/dynamic-sizes.md.',
          where: { graph: graph.name, tensor: value.name },
        },
      );
}
