import { absent, type NodePattern, op, type Pattern } from '@whittle/ir';

/** Min and Max of exactly two; they take any number, so the op table does not call them commutative. */
export function inEitherOrder(
  name: 'Min' | 'Max',
  first: Pattern,
  second: Pattern,
): readonly NodePattern[] {
  return [op(name, first, second, absent), op(name, second, first, absent)];
}
