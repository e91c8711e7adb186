/**
 * How the elements of inputs and outputs become words of four bytes or halves, and these elements: the
 * functions of an emitted module, of which it has those that its model needs. Where there is none, the
 * elements are copied as numbers.
 */

import type { ModuleFunction } from '@whittle/emit';
import type { GpuPort } from './gpu-program.js';

type PortTypes = Pick<GpuPort, 'dtype' | 'held'>;

/** The function `(words, data, name)` that fills words, or halves, from elements of a port. */
export function encoderOf({ dtype, held }: PortTypes): ModuleFunction | undefined {
  if (held !== 'float16') return encoders.get(dtype);
  return dtype === 'float16' ? undefined : halvesOfFloats;
}

/** The function `(data, words)` that fills elements of a port from words, or halves. */
export function decoderOf({ dtype, held }: PortTypes): ModuleFunction | undefined {
  if (held !== 'float16') return decoders.get(dtype);
  return dtype === 'float16' ? undefined : floatsOfHalves;
}

const narrow = define(
  'narrow',
  ['words', 'data', 'name'],
  `
    const value = Number(data[i]);
    words[i] = value;
    if (words[i] !== value) {
      const where = \`feeds: \${JSON.stringify(name)}\`;
      throw new RangeError(\`\${where}: expected integers of 32 bits, got \${data[i]} at \${i}.\`);
    }`,
);

const widen = define(
  'widen',
  ['data', 'words'],
  `
    data[i] = BigInt(words[i]);`,
);

const truthOf = define(
  'truthOf',
  ['words', 'data'],
  `
    words[i] = data[i] === 0 ? 0 : 1;`,
);

const floatsOfHalves = define(
  'floatsOfHalves',
  ['words', 'data'],
  `
    const exponent = (data[i] >> 10) & 31;
    const fraction = data[i] & 1023;
    let value = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    if (exponent === 31) value = fraction === 0 ? Infinity : NaN;
    words[i] = data[i] & 0x8000 ? -value : value;`,
);

/** Rounds to nearest, ties to even; 2 ** 52 does that for the subnormal ones. */
const halvesOfFloats = define(
  'halvesOfFloats',
  ['data', 'words'],
  `
    const sign = (bits[i] >>> 16) & 0x8000;
    const value = Math.abs(words[i]);
    let half = (bits[i] & 0x7fffffff) - 0x38000000;
    half = (half + 0xfff + ((half >> 13) & 1)) >> 13;
    if (value < 2 ** -14) half = value * 2 ** 24 + 2 ** 52 - 2 ** 52;
    if (value >= 65520) half = 0x7c00;
    data[i] = sign | (value === value ? half : 0x7e00);`,
  true,
);

const floatsOfBfloats = define(
  'floatsOfBfloats',
  ['words', 'data'],
  `
    bits[i] = data[i] << 16;`,
  true,
);

const bfloatsOfFloats = define(
  'bfloatsOfFloats',
  ['data', 'words'],
  `
    const rounded = (bits[i] + 0x7fff + ((bits[i] >>> 16) & 1)) >>> 16;
    data[i] = words[i] === words[i] ? rounded : 0x7fc0;`,
  true,
);

const encoders: ReadonlyMap<string, ModuleFunction> = new Map([
  ['int64', narrow],
  ['uint64', narrow],
  ['bool', truthOf],
  ['float16', floatsOfHalves],
  ['bfloat16', floatsOfBfloats],
]);

const decoders: ReadonlyMap<string, ModuleFunction> = new Map([
  ['int64', widen],
  ['uint64', widen],
  ['float16', halvesOfFloats],
  ['bfloat16', bfloatsOfFloats],
]);

/** A function of a loop over all elements; `bits` are those of the words, which are floats. */
function define(
  name: string,
  params: readonly string[],
  text: string,
  needsBits = false,
): ModuleFunction {
  const view = 'new Uint32Array(words.buffer, words.byteOffset, words.length)';
  const bits = needsBits ? `  const bits = ${view};\n` : '';
  const body = `${bits}  for (let i = 0; i < words.length; i++) {${text}\n  }\n`;
  return { kind: 'function', name, params, body };
}
