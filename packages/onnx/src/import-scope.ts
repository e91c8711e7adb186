/**
 * What the importer knows while it walks: the session holds what is one per model, a scope what is
 * one per graph or function body. A name means the value of the innermost scope that defines it.
 */

import { CompilerError, type Dim, type Node, type UniqueNames, type Value } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import type { ImportLimits } from './limits.js';
import { quoted } from './quoted.js';
import type { TensorSource } from './tensor-proto.js';

export interface ImportSession {
  readonly limits: ImportLimits;
  readonly source: TensorSource;
  readonly names: UniqueNames;
  /** Model-local functions by `domain::name`. */
  readonly functions: ReadonlyMap<string, onnx.IFunctionProto>;
  /** Whether functions have attribute defaults, which the decoder does not know. */
  readonly functionDefaultsLost: boolean;
  readonly bindings: ReadonlyMap<string, Dim>;
  /**
   * Nodes imported so far, against `limits.nodes`: those of functions called twice count twice, and
   * calls and constants count too, of which a hostile model is made up alone.
   */
  nodeCount: number;
  /**
   * Bodies of loops whose carried values change their dims. They are typed so at once when they are
   * met again, because finding out takes two imports, and in nested loops two for each of the two.
   */
  readonly looseBodies: Set<onnx.IGraphProto>;
}

export interface Scope {
  readonly values: Map<string, Value>;
  readonly outer: Scope | undefined;
  /** The nodes of the graph that is being put together. */
  readonly nodes: Node[];
  /** The version of the ONNX operator set that nodes here are written in. */
  readonly opset: number;
  /** Names read by nodes or as outputs here. */
  readonly used: ReadonlySet<string>;
  /** Only values of the main graph are sure to keep the model's own names. */
  readonly keepsNames: boolean;
  /** In a function body, the attributes of the call. */
  readonly references: ReadonlyMap<string, onnx.IAttributeProto>;
  /** How many regions this is inside of, those around the calls of functions included. */
  readonly depth: number;
  /** The functions being expanded, outermost first. */
  readonly calls: readonly string[];
}

export function lookUp(scope: Scope, name: string): Value | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const value = at.values.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** @throws {CompilerError} `E_INVALID_MODEL` where the name is taken in this very scope. */
export function defineValue(scope: Scope, name: string, value: Value): void {
  if (scope.values.has(name)) {
    throw new CompilerError('E_INVALID_MODEL', `Two values are named ${quoted(name)}.`, {
      where: { tensor: name },
    });
  }
  scope.values.set(name, value);
}

/** The name that a value of the model gets in the graph. */
export function valueName(scope: Scope, session: ImportSession, name: string): string {
  return scope.keepsNames ? name : session.names.fresh(name);
}

/** @throws {CompilerError} `E_LIMIT_COUNT` */
export function addNode(scope: Scope, session: ImportSession, node: Node): void {
  countNode(session);
  scope.nodes.push(node);
}

/** @throws {CompilerError} `E_LIMIT_COUNT` */
export function countNode(session: ImportSession): void {
  session.nodeCount++;
  if (session.nodeCount > session.limits.nodes) {
    throw new CompilerError(
      'E_LIMIT_COUNT',
      `The model expands to more than ${session.limits.nodes} nodes.`,
      { hint: 'Raise limits.nodes if the model is to be trusted.' },
    );
  }
}
