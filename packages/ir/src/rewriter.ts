/**
 * What a rewrite builds its replacement with: as `GraphBuilder`, but the nodes go just before the
 * node that is being replaced.
 */

import type { AttributeLiterals } from './attributes.js';
import type { OpOptions } from './builder.js';
import { isBound } from './dim.js';
import type { DType } from './dtype.js';
import { CompilerError } from './errors.js';
import type { Graph, Node, Value } from './graph.js';
import type { MatchContext } from './match.js';
import { createNode, firstOutput } from './node.js';
import { rebuildNode } from './rebuild-node.js';
import { type Tensor, tensorOf } from './tensor.js';
import type { Scope } from './use-counts.js';

/** What a guard may ask of the graph around a match. */
export interface RewriteContext extends MatchContext {
  isOutput(value: Value): boolean;
  /** The graph or region that the root is in. */
  readonly scope: Scope;
}

/** What takes the place of the root's outputs: one value, or one for each output. */
export type Replacement = Value | readonly (Value | undefined)[];

export interface Rewriter extends RewriteContext {
  /** Applies an op and returns its first output; the node bears the root's name unless given one. */
  op(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes?: AttributeLiterals,
    options?: OpOptions,
  ): Value;
  /** As `op`, for ops of several outputs: returns the node. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes?: AttributeLiterals,
    options?: OpOptions,
  ): Node;
  /**
   * The root over other inputs or with other attributes; `undefined` takes an attribute away.
   * Returns its outputs.
   */
  update(change: {
    readonly inputs?: readonly (Value | undefined)[];
    readonly attributes?: AttributeLiterals;
  }): readonly (Value | undefined)[];
  /** Moves the nodes of one of the root's regions before the root. Returns the region's outputs. */
  inline(region: Graph): readonly Value[];
  constant(tensor: Tensor, name?: string): Value;
  /** A 0-d constant. */
  scalar(dtype: DType, value: number): Value;
}

/**
 * A rewriter for one scope, and what it has made for the current root. There is one for all nodes of
 * a scope, because most of them are only looked at.
 */
export interface RewriterSession {
  readonly rewriter: Rewriter;
  readonly built: readonly Node[];
  readonly constants: ReadonlySet<Value>;
  /** Forgets what was made for the last root. */
  begin(root: Node): void;
}

export function createRewriter(
  context: RewriteContext,
  freshName: (stem: string) => string,
): RewriterSession {
  let current: Node | undefined;
  let built: Node[] = [];
  let constants = new Set<Value>();
  const root = (): Node => {
    if (current !== undefined) return current;
    throw new CompilerError('E_INTERNAL', 'A rewriter was used outside of a visit.');
  };
  const constant = (tensor: Tensor, name = 'constant'): Value => {
    const type = { dtype: tensor.dtype, dims: tensor.dims };
    const value: Value = { name: freshName(name), type, constant: tensor };
    constants.add(value);
    return value;
  };
  const node: Rewriter['node'] = (op, inputs, attributes = {}, options = {}) => {
    const made = createNode({
      op,
      inputs,
      attributes,
      name: options.name ?? root().name,
      outputs: (options.outputs ?? [op]).map((stem) => stem && freshName(stem)),
      ...(options.regions === undefined ? {} : { regions: options.regions }),
    });
    built.push(made);
    return made;
  };
  const rewriter: Rewriter = {
    ...context,
    node,
    constant,
    op: (...args) => firstOutput(node(...args)),
    scalar: (dtype, value) => constant(tensorOf(dtype, [], [value])),
    update: ({ inputs, attributes = {} }) => {
      const { op, regions, outputs, ...old } = root();
      const options = { outputs: outputs.map((output) => output?.name), regions };
      return node(op, inputs ?? old.inputs, { ...old.attributes, ...attributes }, options).outputs;
    },
    inline: (region) => {
      built.push(...region.nodes);
      return region.outputs.map((output) => output.value);
    },
  };
  return {
    rewriter,
    get built() {
      return built;
    },
    get constants() {
      return constants;
    },
    begin: (next) => {
      current = next;
      if (built.length > 0) built = [];
      if (constants.size > 0) constants = new Set();
    },
  };
}

/** What a finished rewrite puts into the graph. */
export interface Rewritten {
  readonly nodes: readonly Node[];
  /** One for each output of the root. */
  readonly replacements: readonly (Value | undefined)[];
}

/**
 * Gives the new values that replace the root's outputs the root's names, so that dumps before and
 * after a pass can be compared. A value that was there before keeps its own name.
 */
export function keepNames(
  root: Node,
  { built, constants }: RewriterSession,
  replacements: readonly (Value | undefined)[],
): Rewritten {
  if (built.some((node) => Object.keys(node.regions).length > 0))
    return { nodes: built, replacements };
  const names = new Map<Value, string>();
  const renamed = new Map<Value, Value>();
  root.outputs.forEach((output, i) => {
    const replacement = replacements[i];
    if (!output || !replacement || names.has(replacement)) return;
    names.set(replacement, output.name);
    if (constants.has(replacement)) renamed.set(replacement, { ...replacement, name: output.name });
  });
  const current = <V extends Value | undefined>(value: V): V | Value =>
    value === undefined ? value : (renamed.get(value) ?? value);
  const nodes = built.map((node) => {
    const inputs = node.inputs.map(current);
    const outputs = node.outputs.map((output): Value | undefined => {
      const name = output && names.get(output);
      return output === undefined || name === undefined ? output : { ...output, name };
    });
    const unchanged =
      inputs.every((input, i) => input === node.inputs[i]) &&
      outputs.every((output, i) => output === node.outputs[i]);
    if (unchanged) return node;
    const rebuilt = rebuildNode({ ...node, inputs, outputs }, {});
    node.outputs.forEach((output, i) => {
      const now = rebuilt.outputs[i];
      if (output && now) renamed.set(output, now);
    });
    return rebuilt;
  });
  return { nodes, replacements: replacements.map(current) };
}

/** @throws {CompilerError} `E_INTERNAL` where a value of one type would replace one of another. */
export function checkReplacement(root: Node, output: Value, replacement: Value): void {
  const before = output.type;
  const after = replacement.type;
  if (before === undefined || after === undefined) return;
  const compatible =
    before.dtype === after.dtype &&
    before.dims.length === after.dims.length &&
    before.dims.every((dim, axis) => {
      const now = after.dims[axis];
      return now === undefined || !isBound(dim) || !isBound(now) || dim === now;
    });
  if (compatible) return;
  throw new CompilerError('E_INTERNAL', `A rewrite of ${root.op} changes the type of its result.`, {
    where: { node: root.name, op: root.op, tensor: output.name },
  });
}
