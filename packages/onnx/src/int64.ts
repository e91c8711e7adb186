/**
 * The 64-bit integers of decoded messages: numbers where they are small, otherwise the `Long` that
 * `protobufjs` makes. Both are read here, and nothing else looks at them.
 */

/** As `Long` of the `long` package: two 32-bit halves. */
interface Halves {
  readonly low: number;
  readonly high: number;
}

/** The value as a signed bigint. Absent is 0, the default of protocol buffers. */
export function bigintOf(value: unknown): bigint {
  if (typeof value === 'number') return BigInt(value);
  if (!isHalves(value)) return 0n;
  return (BigInt(value.high | 0) << 32n) | BigInt(value.low >>> 0);
}

/** The value as a number, saturating at ±(2^53 − 1). */
export function saturatedInt(value: unknown): number {
  const exact =
    typeof value === 'number'
      ? value
      : isHalves(value)
        ? (value.high | 0) * 2 ** 32 + (value.low >>> 0)
        : 0;
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, exact));
}

function isHalves(value: unknown): value is Halves {
  return (
    typeof value === 'object' &&
    value !== null &&
    'low' in value &&
    'high' in value &&
    typeof value.low === 'number' &&
    typeof value.high === 'number'
  );
}
