/**
 * Winograd's minimal filtering F(m, 3): m outputs of a filter of three taps from m + 2 inputs, by m + 2
 * multiplications instead of 3·m,
 *
 *     y = A (G g ⊙ B d)
 *
 * of the inputs d and the taps g. In two dimensions each transform goes along the columns of a tile,
 * and then along its rows.
 *
 * The multiplications are values of polynomials at m + 1 *points* and at infinity. The points are 0 and
 * pairs ±√s. What is even in the point is the same for both of a pair, and what is odd differs by its
 * sign, so that both are computed once. With the coefficients
 *
 *     M(x) = Π (x² - s) over all pairs,   Q(x) = M(x) / (x² - s) for one pair,
 *
 * the transforms are, in the order 0, √s, -√s, …, ∞,
 *
 *     B d: Σ M[i] d[i],   Σ Q[i] d[i + 2] ± √s Σ Q[i] d[i + 1],   Σ M[i] d[i + 1]
 *     G g: (g[0] + x g[1] + x² g[2]) / N,   N = M(0) at 0, 2 s Q(√s) at ±√s;   g[2]
 *     A p: y[i] = Σ x^i p(x),   and p(∞) to the last of them
 *
 * Sources: Lavin & Gray, "Fast algorithms for convolutional neural networks" (2015, arXiv 1509.09308);
 * for filters made of points, Blahut, "Fast algorithms for signal processing" (2010).
 */

import type { Block } from '../block.js';
import { add, index, literal, load, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';

/** The outputs of a tile along one axis. */
export type TileSide = 2 | 4;

/**
 * The squares s of the points. Those of a side of 4 halve the error that 1 and 4, the squares of the
 * paper, have.
 */
const squares: Readonly<Record<TileSide, readonly number[]>> = { 2: [1], 4: [0.5, 2] };

/** Points along one axis, infinity included; also the inputs of a tile. */
export function pointsOf(side: TileSide): number {
  return side + 2;
}

/** Writes one transform along one axis. */
export type Transform = (block: Block, values: readonly Expr[]) => readonly Expr[];

/** B d. */
export function transformInput(side: TileSide): Transform {
  const pairs = squares[side];
  const all = polynomial(pairs);
  return (block, d) => [
    block.let(
      'v',
      weighted(all, (i) => d[2 * i]),
    ),
    ...pairs.flatMap((s) => {
      const rest = polynomial(pairs.filter((other) => other !== s));
      const odd = weighted(rest, (i) => d[2 * i + 1]);
      return evenAndOdd(
        block,
        weighted(rest, (i) => d[2 * i + 2]),
        scaled(odd, Math.sqrt(s)),
      );
    }),
    block.let(
      'v',
      weighted(all, (i) => d[2 * i + 1]),
    ),
  ];
}

/** G g. */
export function transformFilter(side: TileSide): Transform {
  const pairs = squares[side];
  return (block, [g0, g1, g2]) => [
    block.let('u', scaled(given(g0), 1 / valueAt(polynomial(pairs), 0))),
    ...pairs.flatMap((s) => {
      const rest = polynomial(pairs.filter((other) => other !== s));
      const norm = 2 * s * valueAt(rest, s);
      const even = weighted([1 / norm, s / norm], (i) => (i === 0 ? g0 : g2));
      return evenAndOdd(block, even, scaled(given(g1), Math.sqrt(s) / norm));
    }),
    given(g2),
  ];
}

/** A p. */
export function transformOutput(side: TileSide): Transform {
  const pairs = squares[side];
  return (block, products) => {
    const pairOf = (pair: number) =>
      [given(products[2 * pair + 1]), given(products[2 * pair + 2])] as const;
    const even = pairs.map((_, pair) => block.let('e', add(...pairOf(pair))));
    const odd = pairs.map((_, pair) => block.let('o', sub(...pairOf(pair))));
    return range(side).map((i) => {
      const powers = pairs.map((s) => Math.sqrt(s) ** (i % 2) * s ** Math.floor(i / 2));
      const finite = weighted(powers, (pair) => (i % 2 === 0 ? even : odd)[pair]);
      if (i === 0) return block.let('t', add(finite, given(products[0])));
      return block.let('t', i === side - 1 ? add(finite, given(products.at(-1))) : finite);
    });
  };
}

/** A square of values, the memory in which they wait between the two transforms, and where they go. */
export interface TileAccess {
  /** Of the square that is read. */
  readonly side: number;
  read(row: Expr, column: Expr): Expr;
  readonly between: { readonly param: string; place(row: Expr, column: Expr): Expr };
  /** How many rows are written. */
  readonly rows: Expr;
  write(block: Block, row: Expr, values: readonly Expr[]): void;
}

/**
 * Writes a transform along the columns of a tile, and then along its rows. These are loops: a tile has
 * more values than any target has registers, so that they wait in memory in either case.
 */
export function transformTile(
  block: Block,
  transform: Transform,
  { side, read, between, rows, write }: TileAccess,
): void {
  const line = (inner: Block, value: (i: Expr) => Expr): readonly Expr[] =>
    transform(
      inner,
      range(side).map((i) => inner.let('d', value(index(i)))),
    );
  block.for('j', side, (inner, column) =>
    line(inner, (row) => read(row, column)).forEach((value, row) => {
      inner.store(between.param, between.place(index(row), column), value);
    }),
  );
  block.for('i', rows, (inner, row) => {
    const at = (column: Expr): Expr => load(between.param, 'float32', between.place(row, column));
    write(inner, row, line(inner, at));
  });
}

/** even + odd, even - odd. */
function evenAndOdd(block: Block, even: Expr, odd: Expr): readonly Expr[] {
  const [e, o] = [block.let('e', even), block.let('o', odd)];
  return [block.let('v', add(e, o)), block.let('v', sub(e, o))];
}

/** Π (x² - s), as the coefficients of the powers of x² from the lowest up; the highest is 1. */
function polynomial(roots: readonly number[]): readonly number[] {
  return roots.reduce<readonly number[]>(
    (factors, s) =>
      range(factors.length + 1).map((i) => (factors[i - 1] ?? 0) - s * (factors[i] ?? 0)),
    [1],
  );
}

function valueAt(coefficients: readonly number[], square: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * square + coefficient, 0);
}

/** Σ weights[i] · value(i), from the last term down; weights of 1 and -1 take no multiplication. */
function weighted(weights: readonly number[], value: (i: number) => Expr | undefined): Expr {
  const terms = weights.map((weight, i) => ({ weight, x: given(value(i)) })).reverse();
  const [first, ...others] = terms;
  if (first === undefined) throw new RangeError('A sum needs a term.');
  return others.reduce<Expr>(
    (sum, { weight, x }) =>
      weight < 0 ? sub(sum, scaled(x, -weight)) : add(sum, scaled(x, weight)),
    scaled(first.x, first.weight),
  );
}

function scaled(x: Expr, factor: number): Expr {
  return factor === 1 ? x : mul(x, literal(x.dtype, factor));
}

function given(value: Expr | undefined): Expr {
  if (value === undefined) throw new RangeError('A transform lacks a value.');
  return value;
}
