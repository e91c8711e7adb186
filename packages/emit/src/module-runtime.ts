/**
 * The part of an emitted module that is the same for every model: how weights and WebAssembly arrive,
 * and how feeds and results are checked. It is source text that ships, kept short.
 *
 * It runs in pages, workers, service workers, audio worklets, Node, Deno, Bun and workerd, so it takes
 * for granted nothing but the language, and asks for `fetch`, `URL` and `node:fs/promises` only when
 * something has to be fetched. Kinds of arrays and modules are told by their tag, since they may come
 * from another realm.
 */

import { defineFunction } from './define-function.js';
import type { ModuleConstant, ModuleFunction, ModuleItem } from './es-module.js';
import { jsString } from './js-string.js';
import { arrayOf } from './tensor-types.js';

/** An input or output, in element types that have a typed array. */
export interface ModulePort {
  readonly name: string;
  readonly dtype: string;
  /** Of an output, a string names a size that only a run tells. */
  readonly dims: readonly (number | string)[];
  /** The most that the dims can be, where one of them is a string. */
  readonly most?: readonly number[];
}

/** Names that a module declares besides its kernels; kernels get other ones. */
export const moduleNames: readonly string[] = [
  ...[
    'inputs',
    'outputs',
    'load',
    'createModel',
    'newResults',
    'checkNames',
    'tensorData',
    'tagOf',
    'withinSizes',
  ],
  ...[
    'arrays',
    'request',
    'files',
    'fill',
    'bytesOf',
    'decodeBase64',
    'checksumOf',
    'checksumInTurns',
    'checkWeights',
  ],
  ...['inlineWeights', 'weights', 'memory'],
  ...['instantiate', 'imports', 'inlineWasm', 'fuseSums', 'relaxedModule'],
  ...['disposed', 'feeds', 'results', 'given', 'onStep'],
];

/** What checks feeds and results, and makes results. */
export function resultFunctions(
  inputs: readonly ModulePort[],
  outputs: readonly ModulePort[],
): readonly ModuleItem[] {
  return [
    newResults(outputs),
    checkNames,
    tensorData,
    ...(outputs.some(hasSizes) ? [withinSizes] : []),
    tagOf,
    arrays([...inputs, ...outputs]),
  ];
}

export const request = defineFunction(
  'request',
  ['what', 'source'],
  'Gives the bytes of a buffer, the URL of a file, or the response from another URL. A string is ' +
    'relative to the page or the module.',
  `
  const tag = tagOf(source);
  if (tag === "ArrayBuffer" || tag === "SharedArrayBuffer") return new Uint8Array(source);
  if (tag === "Uint8Array") return source;
  if (typeof source !== "string" && tag !== "URL") {
    throw new TypeError(\`\${what}: expected a URL, a string, an ArrayBuffer or a Uint8Array.\`);
  }
  const url = new URL(source, globalThis.location?.href ?? import.meta.url);
  if (url.protocol === "file:") return url;
  const response = await fetch(url);
  if (!response.ok) throw new Error(\`\${url.href}: HTTP status \${response.status}.\`);
  return response;`,
  true,
);

export const files: ModuleFunction = defineFunction(
  'files',
  [],
  'The functions for files, where there are files.',
  `
  const name = "node:fs/promises";
  return import(/* @vite-ignore */ /* webpackIgnore: true */ name);`,
);

/** The weights go straight to their place, so that they are in memory once. */
export const fill = defineFunction(
  'fill',
  ['weights', 'found', 'meanwhile'],
  'Puts what was requested into the weights. While the first of it is on its way, it calls `meanwhile`.',
  `
  const { length } = weights;
  let size = 0;
  const take = (chunk) => {
    if (size + chunk.length <= length) weights.set(chunk, size);
    size += chunk.length;
  };
  if (tagOf(found) === "Uint8Array" || (tagOf(found) !== "URL" && !found.body)) {
    take(tagOf(found) === "Uint8Array" ? found : new Uint8Array(await found.arrayBuffer()));
    meanwhile?.();
  } else if (tagOf(found) === "URL") {
    const { open } = await files();
    const file = await open(found);
    try {
      const info = await file.stat();
      let bytesRead = info.size === length ? 1 : 0;
      if (bytesRead === 0) size = info.size;
      while (size < length && bytesRead > 0) {
        const reading = file.read(weights, size, Math.min(length - size, 2 ** 30), size);
        if (size === 0) meanwhile?.();
        ({ bytesRead } = await reading);
        size += bytesRead;
      }
    } finally {
      await file.close();
    }
  } else {
    const reader = found.body.getReader();
    let reading = reader.read();
    meanwhile?.();
    for (let chunk = await reading; !chunk.done; chunk = await reader.read()) {
      take(chunk.value);
      if (size > length) await reader.cancel();
    }
  }
  if (size !== length) {
    throw new Error(
      \`These weights do not belong to this module: expected \${length} bytes, got \${size}.\`,
    );
  }`,
  true,
);

export const decodeBase64 = defineFunction(
  'decodeBase64',
  ['text'],
  undefined,
  `
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const values = new Uint8Array(128);
  for (let i = 0; i < 64; i++) values[digits.charCodeAt(i)] = i;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, to = 0; i < text.length; i += 4) {
    const group =
      (values[text.charCodeAt(i)] << 18) |
      (values[text.charCodeAt(i + 1)] << 12) |
      (values[text.charCodeAt(i + 2)] << 6) |
      values[text.charCodeAt(i + 3)];
    bytes[to++] = group >> 16;
    bytes[to++] = group >> 8;
    bytes[to++] = group;
  }
  return bytes;`,
);

export const checksumOf = defineFunction(
  'checksumOf',
  ['weights'],
  'FNV-1a of the 32-bit words, of every fourth by itself, and then of the four hashes.',
  `
  const words = new Int32Array(weights.buffer, weights.byteOffset, weights.length >> 2);
  const hash = (sum, word) => Math.imul(sum ^ word, 0x01000193);
  let [a, b, c, d] = [0x811c9dc5, 0x811c9dc5, 0x811c9dc5, 0x811c9dc5];
  for (let i = 0; i < words.length; i += 4) {
    a = hash(a, words[i]);
    b = hash(b, words[i + 1]);
    c = hash(c, words[i + 2]);
    d = hash(d, words[i + 3]);
  }
  return [a, b, c, d].reduce(hash, 0x811c9dc5);`,
);

export const checksumInTurns = defineFunction(
  'checksumInTurns',
  ['weights'],
  'As checksumOf, with a pause whenever 16 ms have gone by: a page stays responsive meanwhile.',
  `
  const words = new Int32Array(weights.buffer, weights.byteOffset, weights.length >> 2);
  const hash = (sum, word) => Math.imul(sum ^ word, 0x01000193);
  const turn = 1 << 18;
  let [a, b, c, d] = [0x811c9dc5, 0x811c9dc5, 0x811c9dc5, 0x811c9dc5];
  const take = (start, end) => {
    for (let i = start; i < end; i += 4) {
      a = hash(a, words[i]);
      b = hash(b, words[i + 1]);
      c = hash(c, words[i + 2]);
      d = hash(d, words[i + 3]);
    }
  };
  let began = performance.now();
  for (let start = 0; start < words.length; start += turn) {
    take(start, Math.min(start + turn, words.length));
    if (performance.now() - began < 16) continue;
    await (globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve)));
    began = performance.now();
  }
  return [a, b, c, d].reduce(hash, 0x811c9dc5);`,
  true,
);

export const checkWeights = defineFunction(
  'checkWeights',
  ['checksum', 'expected'],
  'Checks that the weights are those of this module.',
  `
  if (checksum >>> 0 !== expected) {
    throw new Error(
      \`These weights do not belong to this module: expected those with checksum \${expected}, \` +
        \`got some with checksum \${checksum >>> 0}.\`,
    );
  }`,
);

export const bytesOf = defineFunction(
  'bytesOf',
  ['found'],
  'The bytes of what was requested, as a copy: shared memory cannot be compiled.',
  `
  if (tagOf(found) === "URL") return (await files()).readFile(found);
  return new Uint8Array(tagOf(found) === "Uint8Array" ? found : await found.arrayBuffer());`,
  true,
);

/** A function that compiles and instantiates. Where its module lists sums, it has them fused. */
export function instantiate(hasSums: boolean): ModuleFunction {
  return defineFunction(
    'instantiate',
    ['source', 'checksum', ...(hasSums ? ['sumsAt'] : [])],
    'Makes an instance of a WebAssembly module, which is compiled unless it is one already.',
    `
  let module = source;
  if (tagOf(source) !== "WebAssembly.Module") {
    const bytes = await bytesOf(await request("wasm (unless it is a WebAssembly.Module)", source));
    module = await WebAssembly.compile(${hasSums ? 'fuseSums(bytes, sumsAt)' : 'bytes'});
  }
  const [section] = WebAssembly.Module.customSections(module, "checksum");
  if (section?.byteLength !== 4 || new DataView(section).getUint32(0, true) !== checksum) {
    throw new Error("This WebAssembly does not belong to this module: both come from one compilation.");
  }
  const { exports } = await WebAssembly.instantiate(module, imports);
  return exports;`,
    true,
  );
}

/** Valid where the engine has relaxed SIMD: its one function does nothing but `f32x4.relaxed_madd`. */
export const relaxedModule: ModuleConstant = {
  kind: 'constant',
  name: 'relaxedModule',
  value: `new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 0, 253, 133, 2, 26, 11,
])`,
};

/**
 * A product is added to a sum by `f32x4.mul`, `local.get` of the sum, `f32x4.add`. It makes that
 * `local.get` of the sum, `f32x4.relaxed_madd` and three times `nop`, which are as many bytes.
 */
export const fuseSums = defineFunction(
  'fuseSums',
  ['bytes', 'sumsAt'],
  'Makes one instruction of a product and its addition to a sum, where the engine has such a one.',
  `
  if (!WebAssembly.validate(relaxedModule)) return bytes;
  const multiply = [0xfd, 0xe6, 0x01];
  const multiplyAdd = [0xfd, 0x85, 0x02, 0x01, 0x01, 0x01];
  let at = 0;
  for (const distance of bytes.slice(sumsAt)) {
    at += distance;
    if (distance === 255 || multiply.some((byte, i) => bytes[at + i] !== byte)) continue;
    let end = at + 5; // Behind the number of the sum, whose bytes but for the last are above 127.
    while (bytes[end - 1] > 127) end++;
    bytes.copyWithin(at, at + 3, end).set(multiplyAdd, end - 3);
  }
  return bytes;`,
);

const tagOf = defineFunction(
  'tagOf',
  ['value'],
  undefined,
  '\n  return Object.prototype.toString.call(value).slice(8, -1);',
);

const checkNames = defineFunction(
  'checkNames',
  ['what', 'given', 'ports'],
  undefined,
  `
  if (given === null || typeof given !== "object") {
    throw new TypeError(\`\${what}: expected an object with a property for each name.\`);
  }
  for (const name of Object.keys(given)) {
    if (!ports.some((port) => port.name === name)) {
      const names = ports.map((port) => JSON.stringify(port.name)).join(", ");
      throw new TypeError(\`\${what}: \${JSON.stringify(name)} is not one of \${names}.\`);
    }
  }
  for (const { name } of ports) {
    if (!Object.hasOwn(given, name)) {
      throw new TypeError(\`\${what}: \${JSON.stringify(name)} is missing.\`);
    }
  }`,
);

const tensorData = defineFunction(
  'tensorData',
  ['what', 'given', 'port'],
  'Checks what is given for an input or output, and gives its typed array.',
  `
  const { name, dtype, dims } = port;
  const value = given[name];
  const bare = ArrayBuffer.isView(value);
  const data = bare ? value : value?.data;
  const where = \`\${what}: \${JSON.stringify(name)}\`;
  // Results go back as the caller gave them, so that they have to be whole.
  if (bare && what === "results") {
    throw new TypeError(\`\${where}: expected an object with data, dims and dtype, got an array.\`);
  }
  const wanted = arrays[dtype];
  const tag = tagOf(data);
  if (tag !== wanted.name && (dtype !== "float16" || tag !== "Float16Array")) {
    throw new TypeError(\`\${where} is \${dtype}: expected a \${wanted.name}, got \${tagOf(data ?? value)}.\`);
  }
  const shape = bare ? dims : value.dims;
  if (shape != null && String(Array.from(shape)) !== String(dims)) {
    throw new TypeError(\`\${where}: expected dims [\${dims}], got [\${Array.from(shape)}].\`);
  }
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (data.length !== length) {
    const detached = data.buffer.detached ? " of a detached buffer" : "";
    throw new TypeError(
      \`\${where}: expected \${length} elements, dims [\${dims}], got \${data.length}\${detached}.\`,
    );
  }
  return tag === wanted.name ? data : new wanted(data.buffer, data.byteOffset, length);`,
);

const withinSizes = defineFunction(
  'withinSizes',
  ['elements', 'most', 'dims'],
  'The elements at coordinates within `dims`, of those that lie row-major in `most`.',
  `
  const count = (sizes) => sizes.reduce((product, size) => product * size, 1);
  const kept = new elements.constructor(count(dims));
  // From this axis on, elements lie side by side in both.
  const axis = dims.findLastIndex((dim, i) => dim !== most[i]);
  const run = count(dims.slice(Math.max(axis, 0)));
  for (let to = 0; to < kept.length; to += run) {
    let rest = to / run;
    let from = 0;
    let stride = count(most.slice(Math.max(axis, 0)));
    for (let i = axis - 1; i >= 0; i--) {
      from += (rest % dims[i]) * stride;
      rest = Math.floor(rest / dims[i]);
      stride *= most[i];
    }
    kept.set(elements.subarray(from, from + run), to);
  }
  return kept;`,
);

/** Whether only a run tells how large an output is. */
function hasSizes({ most }: ModulePort): boolean {
  return most !== undefined;
}

/**
 * A function that makes the object of results, which has no prototype: any name may be an output's. What has
 * its size from the run is put there by the run.
 */
function newResults(outputs: readonly ModulePort[]): ModuleFunction {
  const lines = outputs.map((port) => {
    const { name, dtype, dims } = port;
    if (hasSizes(port)) return `  results[${jsString(name)}] = undefined;`;
    return (
      `  results[${jsString(name)}] = { data: new ${arrayOf(dtype)}(${count(dims)}), ` +
      `dims: [${dims.join(', ')}], dtype: ${jsString(dtype)} };`
    );
  });
  const text = ['  const results = Object.create(null);', ...lines, '  return results;'].join('\n');
  return defineFunction('newResults', [], undefined, `\n${text}`);
}

/** The typed array of each dtype of an input or output. */
function arrays(ports: readonly ModulePort[]): ModuleConstant {
  const dtypes = [...new Set(ports.map(({ dtype }) => dtype))].sort();
  const rows = dtypes.map((dtype) => `${dtype}: ${arrayOf(dtype)}`);
  return { kind: 'constant', name: 'arrays', value: `{ ${rows.join(', ')} }` };
}

function count(dims: ModulePort['dims']): number {
  return dims.reduce<number>((product, dim) => product * Number(dim), 1);
}
