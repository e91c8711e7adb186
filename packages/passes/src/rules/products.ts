/** A product of several factors has no order of its own: these are the orders it can be written in. */

import { type NodePattern, type OneOfPattern, oneOf, op, type Pattern, scalar } from '@whittle/ir';

/** Every way to multiply the factors, two at a time. Mul itself matches either way round. */
export function productsOf(...factors: readonly Pattern[]): readonly NodePattern[] {
  return partitionsOf(factors).map(([left, right]) => op('Mul', product(left), product(right)));
}

/** The same as a part of a larger pattern. */
export function anyProduct(...factors: readonly Pattern[]): OneOfPattern {
  return oneOf(...productsOf(...factors));
}

/** Every way to multiply the two factors and divide by `divisor`, or multiply by its inverse. */
export function quotientsOf(a: Pattern, b: Pattern, divisor: number): readonly NodePattern[] {
  const divided = (pattern: Pattern) => op('Div', pattern, scalar(divisor));
  return [
    ...productsOf(a, b, scalar(1 / divisor)),
    divided(op('Mul', a, b)),
    op('Mul', divided(a), b),
    op('Mul', a, divided(b)),
  ];
}

function product(factors: readonly Pattern[]): Pattern {
  const [only, ...others] = factors;
  return only !== undefined && others.length === 0 ? only : anyProduct(...factors);
}

/** The ways to part a list in two that are not empty; the first item is always on the left. */
function partitionsOf<T>(items: readonly T[]): readonly (readonly [readonly T[], readonly T[]])[] {
  const [first, ...others] = items;
  if (first === undefined) return [];
  // Bit i of the number says that others[i] goes to the left; all of them would leave the right empty.
  return Array.from({ length: 2 ** others.length - 1 }, (_, choice) => {
    const isLeft = (i: number) => ((choice >> i) & 1) === 1;
    return [
      [first, ...others.filter((_, i) => isLeft(i))],
      others.filter((_, i) => !isLeft(i)),
    ] as const;
  });
}
