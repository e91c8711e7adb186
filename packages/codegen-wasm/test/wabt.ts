import loadWabt from 'wabt';

const features = { simd: true, relaxed_simd: true, bulk_memory: true, mutable_globals: true };
const wabt = await loadWabt();

/** The text form of a binary, validated by WABT; operands inside of what takes them, unless told not to. */
export function disassemble(bytes: Uint8Array, { foldExprs = true } = {}): string {
  const module = wabt.readWasm(bytes, { readDebugNames: true, ...features });
  try {
    // Once names stand for indices, there is nothing left that it could validate.
    module.validate();
    module.applyNames();
    return module.toText({ foldExprs, inlineExport: false });
  } finally {
    module.destroy();
  }
}
