import { CompilerError, numbersOf } from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { type ImportOptions, importOnnx } from '../src/index.js';
import { modelBytes } from './onnx-models.js';

/** A model whose output is an external tensor of two floats. */
function external(entries: Readonly<Record<string, string>>): Uint8Array {
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
  const tensor = { name: 'w', dims: [2], dataType: 1, dataLocation: 1, externalData };
  return modelBytes({
    outputs: [],
    nodes: [],
    extra: { graph: { initializer: [tensor], output: [{ name: 'w' }] } },
  });
}

function failure(entries: Readonly<Record<string, string>>, options: ImportOptions): CompilerError {
  try {
    importOnnx(external(entries), options);
  } catch (error) {
    if (error instanceof CompilerError) return error;
    throw error;
  }
  throw new Error('The import went well.');
}

const file = new Uint8Array(Float32Array.of(0, 1.5, -2, 0).buffer);
const files = new Map([['dir/weights.bin', file]]);

describe('an external tensor', () => {
  test('is a view into the file', () => {
    const bytes = external({ location: './dir/weights.bin', offset: '4', length: '8' });
    for (const externalData of [files, (location: string) => files.get(location)]) {
      const tensor = importOnnx(bytes, { externalData }).outputs[0]?.value.constant;
      expect(tensor && numbersOf(tensor)).toEqual([1.5, -2]);
      expect(tensor?.bytes.buffer).toBe(file.buffer);
    }
  });

  test('may leave out offset and length', () => {
    const bytes = external({ location: 'dir/weights.bin' });
    const tensor = importOnnx(bytes, { externalData: files }).outputs[0]?.value.constant;
    expect(tensor && numbersOf(tensor)).toEqual([0, 1.5]);
  });

  test('without data given says what to do', () => {
    const error = failure({ location: 'weights.bin' }, {});
    expect(error.code).toBe('E_EXTERNAL_DATA');
    expect(error.message).toContain('"weights.bin"');
    expect(error.hint).toContain('externalData');
    expect(error.where).toEqual({ tensor: 'w' });
  });

  test('in a file that is not there', () => {
    expect(failure({ location: 'other.bin' }, { externalData: files }).code).toBe(
      'E_EXTERNAL_DATA',
    );
  });

  test.each([
    ['', 'empty'],
    ['/etc/passwd', 'absolute'],
    ['../weights.bin', 'above'],
    ['a/../../x', 'above, in the middle'],
    ['dir/..', 'above, at the end'],
    ['dir//weights.bin', 'with an empty segment'],
    ['dir/', 'a folder'],
    ['.', 'the folder itself'],
    ['..\\weights.bin', 'with a backslash'],
    ['C:/weights.bin', 'on a drive'],
    ['c:weights.bin', 'on a drive, relative'],
    ['\\\\server\\share', 'on a server'],
    ['//server/share', 'on a server, with slashes'],
    ['weights.bin\0.txt', 'with NUL'],
  ])('at %j (%s) is refused before anybody is asked', (location) => {
    const asked: string[] = [];
    const externalData = (name: string) => {
      asked.push(name);
      return file;
    };
    expect(failure({ location }, { externalData }).code).toBe('E_EXTERNAL_DATA');
    expect(asked).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['12', '8', 'E_EXTERNAL_DATA'],
    ['17', '8', 'E_EXTERNAL_DATA'],
    ['9007199254740991', '8', 'E_EXTERNAL_DATA'],
    ['18446744073709551608', '8', 'E_INVALID_MODEL'],
    ['-4', '8', 'E_INVALID_MODEL'],
    ['4.5', '8', 'E_INVALID_MODEL'],
    ['0x4', '8', 'E_INVALID_MODEL'],
    ['', '8', 'E_INVALID_MODEL'],
    ['0', '16', 'E_INVALID_MODEL'],
    ['0', '4', 'E_INVALID_MODEL'],
    ['0', '18446744073709551615', 'E_INVALID_MODEL'],
  ])('at offset %j of length %j is %s', (offset, length, code) => {
    const entries = { location: 'dir/weights.bin', offset, length };
    expect(failure(entries, { externalData: files }).code).toBe(code);
  });

  test('with unknown keys is read, with a warning', () => {
    const warnings: string[] = [];
    importOnnx(external({ location: 'dir/weights.bin', basepath: '/etc' }), {
      externalData: files,
      onWarning: (message) => warnings.push(message),
    });
    expect(warnings).toEqual(['Tensor "w" has external data of the unknown key "basepath".']);
  });
});
