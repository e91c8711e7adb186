/**
 * Checks every rule of the IR that types alone do not express, for use after import, after parsing
 * and after each pass. Every value and node is looked at once.
 *
 * The rules: a value is defined once, before its use, and visible there (in its graph and in the
 * regions inside); names are unique, regions included; only constants have contents, and no
 * producer; nodes and values keep the rules of `verify-node.ts` and `verify-value.ts`.
 */

import { CompilerError } from './errors.js';
import type { Graph, Value } from './graph.js';
import { verifyNode } from './verify-node.js';
import { verifyValue } from './verify-value.js';

/** Regions deeper than this are refused, so that walking them by recursion is safe. */
export const maxRegionDepth = 64;

/**
 * @throws {CompilerError} `E_INVALID_GRAPH` at the first rule that is broken, saying where;
 *   `E_LIMIT_DEPTH`.
 */
export function verifyGraph(graph: Graph): void {
  verifyBody(graph, { byName: new Map(), visible: new Set() }, 0);
}

interface Seen {
  /** Every value met so far, those of regions that have ended included. */
  readonly byName: Map<string, Value>;
  readonly visible: Set<Value>;
}

function verifyBody(graph: Graph, seen: Seen, depth: number): void {
  if (depth > maxRegionDepth) {
    throw new CompilerError('E_LIMIT_DEPTH', `Regions nest deeper than ${maxRegionDepth} levels.`, {
      where: { graph: graph.name },
    });
  }
  const defined: Value[] = [];
  for (const input of graph.inputs) defined.push(define(graph, seen, input));
  for (const node of graph.nodes) {
    for (const input of node.inputs) if (input) read(graph, seen, input);
    for (const region of Object.values(node.regions)) verifyBody(region, seen, depth + 1);
    verifyNode(graph, node);
    for (const output of node.outputs) if (output) defined.push(define(graph, seen, output));
  }
  verifyOutputs(graph, seen);
  for (const value of defined) seen.visible.delete(value);
}

function verifyOutputs(graph: Graph, seen: Seen): void {
  const names = new Set<string>();
  for (const { name, value } of graph.outputs) {
    if (names.has(name))
      refuse(graph, name, `Two graph outputs are named ${JSON.stringify(name)}.`);
    names.add(name);
    read(graph, seen, value);
  }
}

function define(graph: Graph, seen: Seen, value: Value): Value {
  if (value.constant) refuse(graph, value.name, `The constant ${quote(value)} has a producer.`);
  if (seen.byName.get(value.name) === value) {
    refuse(graph, value.name, `${quote(value)} is defined twice.`);
  }
  meet(graph, seen, value);
  seen.visible.add(value);
  return value;
}

function read(graph: Graph, seen: Seen, value: Value): void {
  if (value.constant) {
    meet(graph, seen, value);
    return;
  }
  if (seen.visible.has(value)) return;
  const namesake = seen.byName.get(value.name);
  refuse(
    graph,
    value.name,
    namesake === undefined
      ? `${quote(value)} is used, but not defined before.`
      : namesake === value
        ? `${quote(value)} is used outside the region that defines it.`
        : `${quote(value)} is used, but what is defined by that name is another value.`,
  );
}

/** Checks a value the first time it is met. */
function meet(graph: Graph, seen: Seen, value: Value): void {
  const namesake = seen.byName.get(value.name);
  if (namesake === value) return;
  if (namesake !== undefined) refuse(graph, value.name, `Two values are named ${quote(value)}.`);
  seen.byName.set(value.name, value);
  verifyValue(graph, value);
}

function quote(value: Value): string {
  return JSON.stringify(value.name);
}

function refuse(graph: Graph, tensor: string, message: string): never {
  throw new CompilerError('E_INVALID_GRAPH', message, { where: { graph: graph.name, tensor } });
}
