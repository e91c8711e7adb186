/**
 * The function of a module that makes an instance: its memory, `run` and `dispose`.
 *
 * An instance has one `ArrayBuffer`, the weights first and the arena behind them, and one typed array
 * over it for each dtype. Two would say more, but engines load an array's length and address at every
 * turn of a loop, and a kernel over one of them is 8 % faster (docs/performance.md).
 */

import { arrayOf, jsString, type ModuleFunction, TextWriter } from '@whittle/emit';
import {
  type Argument,
  CompilerError,
  dtypes,
  elementCount,
  type Port,
  type Program,
  type Step,
} from '@whittle/kernel';
import { type ElementType, heapOf } from './types.js';

/** What the instance must know of a printed kernel to call it. */
export interface Callee {
  readonly name: string;
  readonly heaps: readonly string[];
}

export function createModel(
  program: Program,
  callees: ReadonlyMap<string, Callee>,
): ModuleFunction {
  const places = placesOf(program);
  const writer = new TextWriter({ level: 1 });
  const inputs = program.inputs.map((port, i) => portView(`input${i}`, port, places));
  const outputs = program.outputs.map((port, i) => portView(`output${i}`, port, places));
  const heaps = heapsInUse(program);
  writer.line(
    `const memory = new ArrayBuffer(${arenaStart(program) + alignUp(program.arena.bytes)});`,
  );
  if (program.constants.length > 0) writer.line('new Uint8Array(memory).set(weights);');
  for (const heap of heaps) writer.line(`let ${heap.name} = ${heap.view};`);
  for (const { name, view } of [...inputs, ...outputs]) writer.line(`let ${name} = ${view};`);
  writer.line('let disposed = false;');
  writer.block(
    'return',
    () => {
      writer.block('run(feeds, results)', () => writeRun(writer, program, places, callees), '},');
      const names = [...heaps, ...inputs, ...outputs].map(({ name }) => name);
      writer.block(
        'dispose()',
        () => {
          writer.line('disposed = true;');
          if (names.length > 0) writer.line(`${names.join(' = ')} = undefined;`);
        },
        '},',
      );
    },
    '};',
  );
  return {
    kind: 'function',
    name: 'createModel',
    params: program.constants.length > 0 ? ['weights'] : [],
    body: writer.toString(),
  };
}

/** Bytes from the start of an instance's memory to each buffer. */
type Places = ReadonlyMap<string, number>;

function placesOf(program: Program): Places {
  const start = arenaStart(program);
  return new Map(
    program.buffers.map(({ name, space, byteOffset }) => [
      name,
      space === 'arena' ? start + byteOffset : byteOffset,
    ]),
  );
}

function arenaStart({ constants }: Program): number {
  return alignUp(constants.length);
}

function alignUp(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

interface View {
  readonly name: string;
  /** The expression that makes it. */
  readonly view: string;
}

/** The typed arrays over the memory. */
function heapsInUse({ kernels, inputs, outputs }: Program): readonly View[] {
  const typed = [...kernels.flatMap(({ params }) => params), ...inputs, ...outputs];
  const heaps = new Map(typed.map(({ dtype }) => [heapOf(dtype), arrayOf(dtype)]));
  return [...heaps]
    .map(([name, array]) => ({ name, view: `new ${array}(memory)` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function portView(name: string, { view, dtype, dims }: Port, places: Places): View {
  const start = elementAt(view, dtype, places);
  return { name, view: `${heapOf(dtype)}.subarray(${start}, ${start + elementCount(dims)})` };
}

function writeRun(
  writer: TextWriter,
  program: Program,
  places: Places,
  callees: ReadonlyMap<string, Callee>,
): void {
  const { inputs, outputs } = program;
  writer.line('checkNames("feeds", feeds, inputs);');
  inputs.forEach((_, i) => {
    writer.line(`const feed${i} = tensorData("feeds", feeds, inputs[${i}]);`);
  });
  // All that the caller gives is checked before anything is written.
  writer.line('const given = results ?? newResults();');
  writer.line('checkNames("results", given, outputs);');
  outputs.forEach((_, i) => {
    writer.line(`const result${i} = tensorData("results", given, outputs[${i}]);`);
  });
  // Not before: reading what the caller gives may run code of the caller's, which may dispose.
  writer.line('if (disposed) throw new Error("This model has been disposed of.");');
  inputs.forEach((_, i) => {
    writer.line(`input${i}.set(feed${i});`);
  });
  for (const step of program.steps) writer.line(stepCall(step, program, places, callees));
  outputs.forEach((_, i) => {
    writer.line(`result${i}.set(output${i});`);
  });
  writer.line('return given;');
}

function stepCall(
  step: Step,
  program: Program,
  places: Places,
  callees: ReadonlyMap<string, Callee>,
): string {
  const callee = callees.get(step.kernel);
  const kernel = program.kernels.find(({ name }) => name === step.kernel);
  if (callee === undefined || kernel === undefined)
    return broken(`kernel ${jsString(step.kernel)}`);
  const offsets = kernel.params.map(({ dtype }, i) => {
    const argument = step.args[i] ?? broken(`argument ${i} of ${jsString(step.kernel)}`);
    return String(elementAt(argument, dtype, places));
  });
  return `${callee.name}(${[...callee.heaps, ...offsets].join(', ')});`;
}

/** The position of something in the typed array of its dtype. */
function elementAt({ buffer, offset }: Argument, dtype: ElementType, places: Places): number {
  const place = places.get(buffer) ?? broken(`buffer ${jsString(buffer)}`);
  return place / dtypes[dtype].bytes + offset;
}

function broken(what: string): never {
  throw new CompilerError('E_INTERNAL', `The program lacks ${what}.`);
}
