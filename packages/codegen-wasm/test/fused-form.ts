/** What an emitted module does with its WebAssembly where the engine has relaxed SIMD. */

import { importModule, loadOptions } from '../../codegen-js/test/load-module.js';
import { encodeModule, func, local, localGet, op, returns } from '../src/index.js';
import { disassemble } from './wabt.js';

const x = local('v128', 'x');
const square = op('f32x4.relaxed_madd', localGet(x), localGet(x), localGet(x));

/** A module with one relaxed op. */
export const relaxedModule = encodeModule({
  functions: [func({ name: 'f', params: [x], results: ['v128'], body: [returns(square)] })],
});

/** What Node has to be told so that it has relaxed SIMD, which needs a flag before version 21. */
export const relaxedFlags = WebAssembly.validate(relaxedModule)
  ? []
  : ['--experimental-wasm-relaxed-simd'];

/** The bytes that the module would have compiled. */
export async function fusedForm(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const given: Uint8Array[] = [];
  const compile = async (bytes: Uint8Array): Promise<never> => {
    given.push(bytes);
    throw new Error('This engine only looks at bytes.');
  };
  const { load } = await importModule(files);
  await withEngine({ validate: () => true, compile }, () =>
    load(loadOptions(files)).catch(() => undefined),
  );
  const [bytes] = given;
  if (bytes === undefined) throw new Error('The module has compiled nothing.');
  return bytes;
}

/** Calls a function while these stand for those of `WebAssembly`. */
export async function withEngine<T>(
  functions: Readonly<Record<string, unknown>>,
  call: () => Promise<T>,
): Promise<T> {
  const { validate, compile } = WebAssembly;
  Object.assign(WebAssembly, functions);
  try {
    return await call();
  } finally {
    Object.assign(WebAssembly, { validate, compile });
  }
}

/** Both forms as text, one instruction a line, and that of the second with its sums taken apart again. */
export function textsOf(plain: Uint8Array, fused: Uint8Array) {
  const text = disassemble(fused, { foldExprs: false });
  return {
    plain: disassemble(plain, { foldExprs: false }),
    fused: text,
    restored: text.replace(
      /(local[.]get \S+)(\s+)f32x4[.]relaxed_madd\s+nop\s+nop\s+nop/g,
      'f32x4.mul$2$1$2f32x4.add',
    ),
  };
}

export function count(text: string, word: string): number {
  return text.split(word).length - 1;
}
