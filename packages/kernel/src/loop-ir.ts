/**
 * The loop IR: what every kernel is, whatever the target. Loops, locals, and loads and stores on
 * flat buffers; no tensors, no layouts, no broadcasting: lowering has turned those into indices.
 *
 * Numbers: `float32` arithmetic may be carried out in higher precision; it is rounded where a value
 * is stored or cast. Integer arithmetic wraps at the width of its dtype. `index` is a signed
 * integer for positions in buffers; it never overflows 31 bits, which lowering checks.
 *
 * Idea: tinygrad's UOps and Halide's lowered statements, cut down to what convolutional models need.
 */

import type { DType } from '@whittle/ir';

/** The type of a scalar in a kernel: an element type, or a position in a buffer. */
export type ScalarType = Exclude<DType, 'string'> | 'index';

export type Expr = Literal | Variable | Load | Unary | Binary | Select | Cast;

export interface Literal {
  readonly kind: 'literal';
  readonly dtype: ScalarType;
  /** A `bigint` exactly for 64-bit integers; 0 or 1 for bool. */
  readonly value: number | bigint;
}

/** A loop variable, a `let` or a `local`. */
export interface Variable {
  readonly kind: 'variable';
  readonly dtype: ScalarType;
  readonly name: string;
}

/** Reads one element of a kernel's parameter; float16 and bfloat16 arrive as float32. */
export interface Load {
  readonly kind: 'load';
  readonly dtype: ScalarType;
  readonly param: string;
  readonly index: Expr;
}

export interface Unary {
  readonly kind: 'unary';
  readonly op: UnaryOp;
  readonly dtype: ScalarType;
  readonly x: Expr;
}

export interface Binary {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  /** `bool` for comparisons, otherwise the type of both operands. */
  readonly dtype: ScalarType;
  readonly a: Expr;
  readonly b: Expr;
}

/** `condition ? then : otherwise`; a target may evaluate both sides, so neither may trap. */
export interface Select {
  readonly kind: 'select';
  readonly dtype: ScalarType;
  readonly condition: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}

/** Converts: to float by rounding, float to integer by truncation, integers by wrapping. */
export interface Cast {
  readonly kind: 'cast';
  readonly dtype: ScalarType;
  readonly x: Expr;
}

/** Scalar functions of one argument. `round` is half to even; `not` is of bool, `bitnot` of integers. */
export const unaryOps = [
  ...['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'trunc', 'sqrt', 'exp', 'log', 'sin', 'cos'],
  ...['tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'erf'],
  ...['not', 'bitnot', 'isnan'],
] as const;

/**
 * Scalar functions of two arguments. `div` of integers truncates toward zero; `floordiv` and
 * `floormod` are of integers and indices and round down; `rem` takes the dividend's sign (C's fmod);
 * `min` and `max` give NaN if either side is NaN. `dot16` is of int32 and takes each operand for two
 * signed integers of 16 bits: the product of their low halves plus that of their high halves.
 */
export const binaryOps = [
  ...['add', 'sub', 'mul', 'div', 'floordiv', 'floormod', 'rem', 'min', 'max', 'pow'],
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'and', 'or', 'xor'],
  ...['bitand', 'bitor', 'bitxor', 'shl', 'shr', 'dot16'],
] as const;

export type UnaryOp = (typeof unaryOps)[number];
export type BinaryOp = (typeof binaryOps)[number];

export type Stmt = For | Let | Local | Assign | Store | If;

/**
 * Runs `body` for `name` = start, start + step, … while below `end`. `step` is positive.
 *
 * With `lanes`, so many turns can run abreast, one in each lane of a vector, with the result that they
 * have one after another, but for the order in which a sum from outside takes them; `lanes.ts` says of
 * which loops that is so. Their number divides the turns.
 *
 * With `grid`, all turns can run at once, in any order. Loops of a grid stand at the top of a kernel, each
 * alone in the one around it, and their bounds are constants; then a kernel holds nothing else, and its
 * nests can run at once too.
 *
 * With `threads`, the turns are shared out among the threads of a workgroup, which all wait after the loop until the
 * last of them is done. A nest of the grid inside of which such loops stand is of workgroups: each turn of its
 * grid is one, and has the kernel's shared memory to itself. Inside of it are loops over threads, loops around
 * them that all threads take together, and lets. Loops over threads that stand alone in one another count as one.
 */
export interface For {
  readonly kind: 'for';
  readonly name: string;
  readonly start: Expr;
  readonly end: Expr;
  readonly step: number;
  readonly lanes?: number;
  readonly grid?: true;
  readonly threads?: true;
  readonly body: readonly Stmt[];
}

/** Names a value that never changes. */
export interface Let {
  readonly kind: 'let';
  readonly name: string;
  readonly value: Expr;
}

/** Declares a variable that `assign` changes: an accumulator. */
export interface Local {
  readonly kind: 'local';
  readonly name: string;
  readonly dtype: ScalarType;
  readonly init: Expr;
}

export interface Assign {
  readonly kind: 'assign';
  readonly name: string;
  readonly value: Expr;
}

export interface Store {
  readonly kind: 'store';
  readonly param: string;
  readonly index: Expr;
  readonly value: Expr;
}

export interface If {
  readonly kind: 'if';
  readonly condition: Expr;
  readonly then: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
}

/**
 * Where a parameter's buffer lives: in the arena, among the packed constants, or in what the steps of the
 * setup prepare from these.
 */
export const spaces = ['arena', 'constants', 'prepared'] as const;
export type Space = (typeof spaces)[number];

export interface Param {
  readonly name: string;
  readonly dtype: Exclude<DType, 'string'>;
  readonly space: Space;
  /** What a kernel may write it may also read, as it does with memory of its own. */
  readonly access: 'read' | 'write';
}

/**
 * One function of the emitted program. Indices into a parameter count elements from where the step
 * that launches the kernel places it; names are unique within the kernel.
 */
export interface Kernel {
  readonly name: string;
  readonly params: readonly Param[];
  /** Default: none. */
  readonly shared?: readonly SharedArray[];
  readonly body: readonly Stmt[];
}

/** Memory of a workgroup, loaded and stored as a parameter is. What it holds at first is not known. */
export interface SharedArray {
  readonly name: string;
  readonly dtype: Param['dtype'];
  /** Elements. */
  readonly length: number;
}

/** All that the loads and stores of a kernel may name. */
export function memoriesOf({
  params,
  shared = [],
}: Kernel): readonly Pick<Param, 'name' | 'dtype'>[] {
  return [...params, ...shared];
}
