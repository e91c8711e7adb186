/**
 * What a rewrite builds its replacement with: as `GraphBuilder`, but the nodes go just before the
 * node that is being replaced.
 */

import type { AttributeLiterals } from './attributes.js';
import type { OpOptions } from './builder.js';
import type { DType } from './dtype.js';
import { CompilerError } from './errors.js';
import type { Graph, Node, Value } from './graph.js';
import type { MatchContext } from './match.js';
import { createNode, firstOutput } from './node.js';
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
  /** A name for a value that nothing in the graph has yet, for what is built without the rewriter. */
  freshName(stem: string): string;
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
    freshName,
    op: (...args) => firstOutput(node(...args)),
    scalar: (dtype, value) => constant(tensorOf(dtype, [], [value])),
    update: ({ inputs, attributes = {} }) => {
      const { op, regions, outputs, ...old } = root();
      const options = { outputs: outputs.map((output) => output?.name), regions };
      return node(op, inputs ?? old.inputs, { ...old.attributes, ...attributes }, options).outputs;
    },
    inline: (region) => {
      for (const inner of region.nodes) built.push(inner);
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
