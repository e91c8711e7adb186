/** Where branches meet: sums, products and concatenations. */

import { combined, mixed } from './distribution.js';
import { type Features, featuresOf, type Network, named } from './network.js';

/** Element by element, of equal dims. */
export function add({ builder }: Network, name: string, a: Features, b: Features): Features {
  const sum = builder.op('Add', [a.value, b.value], {}, named(name));
  return featuresOf(
    sum,
    combined(a.distribution, b.distribution, (x, y) => x + y),
  );
}

/** Element by element; dims of size 1 stretch. */
export function multiply({ builder }: Network, name: string, a: Features, b: Features): Features {
  const product = builder.op('Mul', [a.value, b.value], {}, named(name));
  return featuresOf(
    product,
    combined(a.distribution, b.distribution, (x, y) => x * y),
  );
}

/** Along the channels. */
export function concatenate(
  { builder }: Network,
  name: string,
  parts: readonly Features[],
): Features {
  const values = parts.map(({ value }) => value);
  const whole = builder.op('Concat', values, { axis: 1 }, named(name));
  const shares = parts.map(({ distribution, channels }) => ({ distribution, count: channels }));
  return featuresOf(whole, mixed(shares));
}
