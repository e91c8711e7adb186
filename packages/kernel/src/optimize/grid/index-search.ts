/**
 * Whether a sum of whole numbers, each from a range and with a coefficient of its own, can come to
 * zero. Indices are such sums, and so is the difference of two: it is zero where both are one element.
 *
 * The largest coefficients come first. What the others can still add up to leaves a number few values
 * or none: an index is a numeral whose digits are loop variables.
 */

import { greatestCommonDivisor } from '@whittle/ir';

export interface Unknown {
  readonly coefficient: number;
  readonly min: number;
  readonly max: number;
  /** Whether it has to be another number than zero. */
  readonly isNotZero?: boolean;
}

/** Says yes also where finding out would take too long. */
export function canBeZero(constant: number, unknowns: readonly Unknown[]): boolean {
  if (unknowns.some(hasNoValue)) return false;
  const ordered = merged(unknowns).sort(
    (a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient),
  );
  // What the unknowns from each one on add up to: at least, at most, and a multiple of.
  const rests: Rest[] = [{ min: 0, max: 0, divisor: 0 }];
  for (const { coefficient, min, max } of [...ordered].reverse()) {
    const [rest = { min: 0, max: 0, divisor: 0 }] = rests;
    const ends = [coefficient * min, coefficient * max];
    rests.unshift({
      min: rest.min + Math.min(...ends),
      max: rest.max + Math.max(...ends),
      divisor: greatestCommonDivisor(rest.divisor, Math.abs(coefficient)),
    });
  }
  let steps = 0;
  const search = (sum: number, depth: number): boolean => {
    if (++steps > mostSteps) return true;
    const rest = rests[depth];
    if (rest === undefined || sum + rest.min > 0 || sum + rest.max < 0) return false;
    if (rest.divisor === 0 ? sum !== 0 : sum % rest.divisor !== 0) return false;
    const unknown = ordered[depth];
    const others = rests[depth + 1];
    if (unknown === undefined || others === undefined) return true;
    const { coefficient, isNotZero } = unknown;
    const ends = [(-sum - others.max) / coefficient, (-sum - others.min) / coefficient];
    const from = Math.max(unknown.min, Math.ceil(Math.min(...ends)));
    const to = Math.min(unknown.max, Math.floor(Math.max(...ends)));
    for (let value = from; value <= to; value++) {
      if (isNotZero && value === 0) continue;
      if (search(sum + coefficient * value, depth + 1)) return true;
    }
    return false;
  };
  return search(constant, 0);
}

function hasNoValue({ min, max, isNotZero = false }: Unknown): boolean {
  return min > max || (isNotZero && min === 0 && max === 0);
}

interface Rest {
  readonly min: number;
  readonly max: number;
  readonly divisor: number;
}

const mostSteps = 4096;

/** Unknowns with the same coefficient are one, but for those that may not be zero. */
function merged(unknowns: readonly Unknown[]): Unknown[] {
  const kept: Unknown[] = [];
  const byCoefficient = new Map<number, Unknown>();
  for (const unknown of unknowns) {
    const { coefficient, min, max, isNotZero } = unknown;
    // A coefficient of zero leaves nothing to find out but whether the number exists.
    if (coefficient === 0) continue;
    if (isNotZero) {
      kept.push(unknown);
      continue;
    }
    const size = Math.abs(coefficient);
    const [low, high] = coefficient > 0 ? [min, max] : [-max, -min];
    const known = byCoefficient.get(size) ?? { coefficient: size, min: 0, max: 0 };
    byCoefficient.set(size, { coefficient: size, min: known.min + low, max: known.max + high });
  }
  return [...kept, ...byCoefficient.values()];
}
