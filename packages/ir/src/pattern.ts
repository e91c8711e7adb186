/**
 * Patterns over the graph, as plain data: a tree that starts at the node to be replaced and goes up
 * through the producers of its inputs.
 *
 * ```ts
 * op('Mul', any('x'), op('Sigmoid', any('x')))      // x · sigmoid(x)
 * op(['Relu', 'Clip'], node('conv', 'Conv'))        // an activation of a convolution
 * op('Erf', oneOf(op('Mul', x, scalar(Math.SQRT1_2)), op('Div', x, scalar(Math.SQRT2))))
 * ```
 *
 * - A capture used twice must be the same value in both places.
 * - A commutative op matches with its two inputs in either order.
 * - A pattern names the leading inputs of a node; the inputs it does not name may be anything.
 * - Below the root a node must have no other reader and must not be a graph output, since a rewrite
 *   that leaves it alive would compute it twice; `shared` lifts that.
 *
 * After the pattern matchers of tinygrad (rules as rows) and LLVM's `PatternMatch.h`.
 */

export type Pattern = ValuePattern | ConstantPattern | AbsentPattern | NodePattern | OneOfPattern;

/** Any value that is present. */
export interface ValuePattern {
  readonly kind: 'any';
  readonly capture: string | undefined;
}

/** A constant; with `scalar`, one of one element that is that number, in the constant's dtype. */
export interface ConstantPattern {
  readonly kind: 'constant';
  readonly capture: string | undefined;
  readonly scalar: number | undefined;
}

/** An optional input that is left out. */
export interface AbsentPattern {
  readonly kind: 'absent';
}

/** The first output of a node of one of these ops. */
export interface NodePattern {
  readonly kind: 'node';
  readonly ops: readonly string[];
  readonly inputs: readonly Pattern[];
  readonly capture: string | undefined;
  readonly shared: boolean;
}

/** Whatever the first of these matches that lets the rest of the tree match as well. */
export interface OneOfPattern {
  readonly kind: 'one-of';
  readonly choices: readonly Pattern[];
}

export function any(capture?: string): ValuePattern {
  return { kind: 'any', capture };
}

export function constant(capture?: string): ConstantPattern {
  return { kind: 'constant', capture, scalar: undefined };
}

/** A one-element constant that holds `value`, rounded to the dtype it is stored in. */
export function scalar(value: number): ConstantPattern {
  return { kind: 'constant', capture: undefined, scalar: value };
}

export const absent: AbsentPattern = { kind: 'absent' };

export function op(ops: string | readonly string[], ...inputs: Pattern[]): NodePattern {
  const names = typeof ops === 'string' ? [ops] : ops;
  return { kind: 'node', ops: names, inputs, capture: undefined, shared: false };
}

/** As `op`, and captures the node, for rules that read its attributes or its further inputs. */
export function node(
  capture: string,
  ops: string | readonly string[],
  ...inputs: Pattern[]
): NodePattern {
  return { ...op(ops, ...inputs), capture };
}

/** The same pattern, where other nodes or the graph's outputs may read the node's result as well. */
export function shared(pattern: NodePattern): NodePattern {
  return { ...pattern, shared: true };
}

/** Several spellings of one thing below the root; all of them should capture the same names. */
export function oneOf(...choices: Pattern[]): OneOfPattern {
  return { kind: 'one-of', choices };
}
