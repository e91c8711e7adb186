/**
 * Arrays in NumPy's file format, both ways. (The readers on npm do not write, and the format is small.)
 *
 * Source: numpy/lib/format.py, versions 1.0 to 3.0.
 */

import { CompilerError, type TensorData } from '@whittle/compiler';

type ElementType = TensorData['dtype'];

interface Format {
  readonly descr: string;
  readonly bytes: number;
  readonly array: new (buffer: ArrayBuffer) => TensorData['data'];
}

/** bfloat16 is unknown to NumPy and goes by its bits. */
const formats: Readonly<Record<ElementType, Format>> = {
  float32: { descr: '<f4', bytes: 4, array: Float32Array },
  float64: { descr: '<f8', bytes: 8, array: Float64Array },
  float16: { descr: '<f2', bytes: 2, array: Uint16Array },
  int8: { descr: '|i1', bytes: 1, array: Int8Array },
  int16: { descr: '<i2', bytes: 2, array: Int16Array },
  int32: { descr: '<i4', bytes: 4, array: Int32Array },
  int64: { descr: '<i8', bytes: 8, array: BigInt64Array },
  uint8: { descr: '|u1', bytes: 1, array: Uint8Array },
  uint16: { descr: '<u2', bytes: 2, array: Uint16Array },
  uint32: { descr: '<u4', bytes: 4, array: Uint32Array },
  uint64: { descr: '<u8', bytes: 8, array: BigUint64Array },
  bool: { descr: '|b1', bytes: 1, array: Uint8Array },
  bfloat16: { descr: '<u2', bytes: 2, array: Uint16Array },
};

const magic = '\x93NUMPY';

export function encodeNpy({ dtype, dims, data }: TensorData): Uint8Array {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const dict = `{'descr': '${formats[dtype].descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  // The data begins at a multiple of 64, and the header ends in a newline.
  const header = `${dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.alloc(10, magic, 'latin1');
  start.set([1, 0, header.length % 256, Math.floor(header.length / 256)], 6);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), bytes]);
}

/**
 * `path` is for messages.
 * @throws {CompilerError} `E_INVALID_OPTION` for what is no array, or one of a form not read here.
 */
export function decodeNpy(file: Uint8Array, path: string): TensorData {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const major = bytes[6] ?? 0;
  if (bytes.toString('latin1', 0, 6) !== magic || major < 1 || major > 3 || bytes.length < 12) {
    throw invalid(path, 'is not in the .npy format');
  }
  const start = major === 1 ? 10 : 12;
  const end = start + (major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  const header = bytes.toString('latin1', start, end);
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? '';
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const entry = Object.entries(formats).find(([, format]) => format.descr === descr);
  if (entry === undefined || shape === undefined) {
    throw invalid(path, `holds elements of the type ${JSON.stringify(descr)}, which is not read`);
  }
  if (/'fortran_order':\s*True/.test(header)) throw invalid(path, 'is in Fortran order');
  const dims = (shape.match(/\d+/g) ?? []).map(Number);
  const [dtype, format] = entry;
  const length = dims.reduce((product, dim) => product * dim, format.bytes);
  if (bytes.length - end !== length)
    throw invalid(path, `is not of the length that its shape asks for`);
  const data = new format.array(new Uint8Array(bytes.subarray(end)).buffer);
  return { dtype: dtype as ElementType, dims, data };
}

function invalid(path: string, problem: string): CompilerError {
  return new CompilerError('E_INVALID_OPTION', `The array in ${JSON.stringify(path)} ${problem}.`, {
    hint: 'Save it with numpy.save(file, numpy.ascontiguousarray(array)), little-endian.',
  });
}
