/** The tables of an emitted WebGPU module: all that its host has to know of the program. */

import { arrayOf, jsTemplate, type ModuleConstant, type ModuleFunction } from '@whittle/emit';
import { CompilerError } from '@whittle/kernel';
import type { Dispatch, GpuBufferName, GpuPort, GpuProgram, Range, Shader } from './gpu-program.js';
import { decoderOf, encoderOf } from './host-runtime-words.js';

/** The tables, which are constants of the module. */
export function programTables(program: GpuProgram): readonly ModuleConstant[] {
  const { shaders, setup, dispatches, inputs, outputs, features = [] } = program;
  const buffers = buffersOf(program);
  const ranges = new RangeTable(buffers);
  const stepRow = ({ shader, workgroups, bindings }: Dispatch): string =>
    rowOf([shader, ...workgroups, ...bindings.map((range) => ranges.numberOf(range))]);
  const placeRow = ({ range, held }: GpuPort, converter: ModuleFunction | undefined): string =>
    rowOf([ranges.numberOf(range), arrayOf(held), ...(converter ? [converter.name] : [])]);
  const sizes = new Set(
    outputs.flatMap((port) => port.sizes ?? []).map(({ range }) => ranges.numberOf(range)),
  );
  const sizePlaces = [...sizes];
  const sizeRow = ({ dims, sizes: ofPort }: GpuPort): string => {
    if (ofPort === undefined) return 'undefined';
    const places = ofPort.map(({ axis, range }) => [
      axis,
      sizePlaces.indexOf(ranges.numberOf(range)),
    ]);
    return rowOf([rowOf(dims), rowOf(places.map(rowOf))]);
  };
  const stagingBytes = 4 * sizePlaces.length + sum(outputs.map(({ range }) => range.byteLength));
  const tables = {
    setup: table(setup.map(stepRow)),
    steps: table(dispatches.map(stepRow)),
    inputPlaces: table(inputs.map((port) => placeRow(port, encoderOf(port)))),
    outputPlaces: table(outputs.map((port) => placeRow(port, decoderOf(port)))),
  };
  return [
    constant(
      'limits',
      limitsOf(program, Math.max(stagingBytes, ...buffers.bytes)),
      'The limits of a device that have to be above those that every device has.',
    ),
    ...(features.length === 0
      ? []
      : [constant('features', JSON.stringify(features), 'What a device has to have besides.')]),
    constant('bufferBytes', rowOf(buffers.bytes)),
    constant(
      'weightsAt',
      String(buffers.indexOf('weights')),
      'Which buffer the weights are; -1: none.',
    ),
    constant('stagingBytes', String(stagingBytes)),
    constant('shaders', table(shaders.map(shaderRow))),
    constant('ranges', table(ranges.rows), 'A buffer, where it begins in it, and its bytes.'),
    constant('setup', tables.setup, 'Dispatches: a shader, workgroups in x, y and z, and ranges.'),
    constant('steps', tables.steps),
    constant('inputPlaces', tables.inputPlaces, 'A range, its words, and what converts to them.'),
    constant('outputPlaces', tables.outputPlaces),
    ...(sizePlaces.length === 0
      ? []
      : [
          constant('sizePlaces', rowOf(sizePlaces), 'The ranges of sizes that only a run tells.'),
          constant(
            'outputSizes',
            table(outputs.map(sizeRow)),
            'Of outputs with such sizes: the most of all, and axes with the numbers of their sizes.',
          ),
        ]),
  ];
}

/** The buffers of an instance: weights and what is prepared from them, if any, then the arena. */
interface Buffers {
  readonly bytes: readonly number[];
  indexOf(name: GpuBufferName): number;
}

function buffersOf({ constants, preparedBytes, banks }: GpuProgram): Buffers {
  const all: readonly (readonly [GpuBufferName, number])[] = [
    ['weights', constants.length],
    ['prepared', preparedBytes],
    ...banks.map((bytes, i) => [i, bytes] as const),
  ];
  const present = all.filter(([name, bytes]) => typeof name === 'number' || bytes > 0);
  return {
    bytes: present.map(([, bytes]) => bytes),
    indexOf: (name) => present.findIndex(([other]) => other === name),
  };
}

/** The rows of the table `ranges`, each of them once. */
class RangeTable {
  readonly rows: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #buffers: Buffers;

  constructor(buffers: Buffers) {
    this.#buffers = buffers;
  }

  numberOf({ buffer, byteOffset, byteLength }: Range): number {
    const at = this.#buffers.indexOf(buffer);
    if (at < 0) throw new CompilerError('E_INTERNAL', `The program lacks the buffer ${buffer}.`);
    const row = rowOf([at, byteOffset, byteLength]);
    const known = this.#numbers.get(row) ?? this.rows.push(row) - 1;
    this.#numbers.set(row, known);
    return known;
  }
}

/** The bindings, r for each that is read and w for each that is written, and the text. */
function shaderRow({ bindings, code }: Shader): string {
  const kinds = bindings.map((kind) => (kind === 'read' ? 'r' : 'w')).join('');
  return `["${kinds}", ${jsTemplate(code)}]`;
}

/** WebGPU, section 3.6.2: what a device has that asks for nothing. */
const defaultLimits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };

function limitsOf({ setup, dispatches }: GpuProgram, largestBuffer: number): string {
  const bindings = [...setup, ...dispatches].flatMap((step) => step.bindings);
  const largestBinding = bindings.reduce((most, { byteLength }) => Math.max(most, byteLength), 0);
  const needed = { maxBufferSize: largestBuffer, maxStorageBufferBindingSize: largestBinding };
  const rows = (['maxBufferSize', 'maxStorageBufferBindingSize'] as const)
    .filter((name) => needed[name] > defaultLimits[name])
    .map((name) => `${name}: ${needed[name]}`);
  return rows.length === 0 ? '{}' : `{ ${rows.join(', ')} }`;
}

function constant(name: string, value: string, doc?: string): ModuleConstant {
  return { kind: 'constant', name, value, ...(doc === undefined ? {} : { doc }) };
}

function table(rows: readonly string[]): string {
  return rows.length === 0 ? '[]' : `[\n${rows.map((row) => `  ${row},\n`).join('')}]`;
}

function rowOf(entries: readonly (number | string)[]): string {
  return `[${entries.join(', ')}]`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
