/** Scalar functions that JavaScript lacks, on numbers and on 64-bit integers. */

/** To the nearest integer, ties to even; keeps -0, infinities and NaN. */
export function roundHalfToEven(x: number): number {
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** `base` to a power in integers of 32 bits, wrapping; a negative power truncates the fraction. */
export function powInt32(base: number, power: number): number {
  if (power < 0) return base === 1 || (base === -1 && power % 2 === 0) ? 1 : base === -1 ? -1 : 0;
  let result = 1;
  let square = base;
  for (let rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

/** As `powInt32`, in 64 bits. The result may still need wrapping as unsigned. */
export function powInt64(base: bigint, power: bigint): bigint {
  if (power < 0n)
    return base === 1n || (base === -1n && power % 2n === 0n) ? 1n : base === -1n ? -1n : 0n;
  let result = 1n;
  let square = base;
  for (let rest = power; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return result;
}

/** Rounds down, unlike the division of bigints; 0 where the divisor is 0. */
export function floorDivInt64(a: bigint, b: bigint): bigint {
  if (b === 0n) return 0n;
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** A float truncated to an integer of 64 bits, clamped to what the dtype holds; NaN gives 0. */
export function floatToInt64(x: number, signed: boolean): bigint {
  if (Number.isNaN(x)) return 0n;
  const low = signed ? -(2 ** 63) : 0;
  const high = signed ? 2 ** 63 : 2 ** 64;
  if (x >= high) return BigInt(high) - 1n;
  return x <= low ? BigInt(low) : BigInt(Math.trunc(x));
}

/** A float truncated to an integer of 32 bits, clamped to what the dtype holds; NaN gives 0. */
export function floatToInt32(x: number, signed: boolean): number {
  if (Number.isNaN(x)) return 0;
  const [low, high] = signed ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return Math.trunc(Math.min(Math.max(x, low), high)) + 0;
}
