/** The function of a module that makes an instance: its memory, `run` and `dispose`. */

import { jsString, type ModuleFunction, TextWriter } from '@whittle/emit';
import {
  type Buffer,
  CompilerError,
  dtypes,
  elementCount,
  type Port,
  type Program,
  type Step,
} from '@whittle/kernel';
import { arrayOf, type ElementType, heapOf } from './types.js';

/** What the instance must know of a printed kernel to call it. */
export interface Callee {
  readonly name: string;
  readonly heaps: readonly string[];
}

export function createModel(
  program: Program,
  callees: ReadonlyMap<string, Callee>,
): ModuleFunction {
  const buffers = new Map(program.buffers.map((buffer) => [buffer.name, buffer]));
  const writer = new TextWriter({ level: 1 });
  const inputs = program.inputs.map((port, i) => portView(`input${i}`, port, buffers));
  const outputs = program.outputs.map((port, i) => portView(`output${i}`, port, buffers));
  const ports = [...program.inputs, ...program.outputs];
  const heaps = heapsInUse(program, ports, buffers);
  writer.line(`const arena = new ArrayBuffer(${Math.ceil(program.arena.bytes / 64) * 64});`);
  for (const heap of heaps) writer.line(`let ${heap.name} = ${heap.view};`);
  for (const { name, view } of [...inputs, ...outputs]) writer.line(`let ${name} = ${view};`);
  writer.line('let disposed = false;');
  writer.block(
    'return',
    () => {
      writer.block('run(feeds, results)', () => writeRun(writer, program, buffers, callees), '},');
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
    params: program.constantBytes > 0 ? ['weights'] : [],
    body: writer.toString(),
  };
}

type Buffers = ReadonlyMap<string, Buffer>;

interface View {
  readonly name: string;
  /** The expression that makes it. */
  readonly view: string;
}

/** The typed arrays over the arena and over the weights. */
function heapsInUse(program: Program, ports: readonly Port[], buffers: Buffers): readonly View[] {
  const views = new Map<string, string>();
  const use = (space: Buffer['space'], dtype: ElementType): void => {
    const array = arrayOf(dtype);
    views.set(
      heapOf(space, dtype),
      space === 'arena'
        ? `new ${array}(arena)`
        : `new ${array}(weights.buffer, weights.byteOffset, weights.length / ${dtypes[dtype].bytes})`,
    );
  };
  for (const { params } of program.kernels)
    for (const { space, dtype } of params) use(space, dtype);
  for (const { dtype, view } of ports) use(bufferOf(view.buffer, buffers).space, dtype);
  return [...views]
    .map(([name, view]) => ({ name, view }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function portView(name: string, port: Port, buffers: Buffers): View {
  const { view, dtype, dims } = port;
  const buffer = bufferOf(view.buffer, buffers);
  const start = elementOffset(buffer, dtype) + view.offset;
  const end = start + elementCount(dims);
  return { name, view: `${heapOf(buffer.space, dtype)}.subarray(${start}, ${end})` };
}

function writeRun(
  writer: TextWriter,
  program: Program,
  buffers: Buffers,
  callees: ReadonlyMap<string, Callee>,
): void {
  const { inputs, outputs } = program;
  writer.line('if (disposed) throw new Error("This model has been disposed of.");');
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
  inputs.forEach((_, i) => {
    writer.line(`input${i}.set(feed${i});`);
  });
  for (const step of program.steps) writer.line(stepCall(step, program, buffers, callees));
  outputs.forEach((_, i) => {
    writer.line(`result${i}.set(output${i});`);
  });
  writer.line('return given;');
}

function stepCall(
  step: Step,
  program: Program,
  buffers: Buffers,
  callees: ReadonlyMap<string, Callee>,
): string {
  const callee = callees.get(step.kernel);
  const kernel = program.kernels.find(({ name }) => name === step.kernel);
  if (callee === undefined || kernel === undefined)
    return broken(`kernel ${jsString(step.kernel)}`);
  const offsets = kernel.params.map(({ dtype }, i) => {
    const argument = step.args[i] ?? broken(`argument ${i} of ${jsString(step.kernel)}`);
    return String(elementOffset(bufferOf(argument.buffer, buffers), dtype) + argument.offset);
  });
  return `${callee.name}(${[...callee.heaps, ...offsets].join(', ')});`;
}

/** Elements of `dtype` from the start of its space to the buffer. */
function elementOffset({ byteOffset }: Buffer, dtype: ElementType): number {
  return byteOffset / dtypes[dtype].bytes;
}

function bufferOf(name: string, buffers: Buffers): Buffer {
  return buffers.get(name) ?? broken(`buffer ${jsString(name)}`);
}

function broken(what: string): never {
  throw new CompilerError('E_INTERNAL', `The program lacks ${what}.`);
}
