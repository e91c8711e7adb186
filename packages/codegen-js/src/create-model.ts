/**
 * The function of a module that makes an instance of its memory: `run` and `dispose`.
 *
 * An instance has one `ArrayBuffer`, the weights first, then what is prepared from them, then the arena,
 * and one typed array over it for each dtype. Two would say more, but engines load an array's length and address at every
 * turn of a loop, and a kernel over one of them is 8 % faster (docs/performance.md).
 */

import {
  arrayOf,
  type HeldOutput,
  type HeldVariable,
  jsString,
  type ModuleFunction,
  modelFunction,
  nameOfSize,
  outputSizes,
} from '@whittle/emit';
import {
  type Argument,
  CompilerError,
  dtypes,
  elementCount,
  type Launch,
  type MemoryPlaces,
  memoryPlaces,
  type Port,
  type Program,
  sizeBuffersOf,
} from '@whittle/kernel';
import { stepText, typesLookedAt } from './step-text.js';
import { type ElementType, heapOf } from './types.js';

/** What the instance must know of a printed kernel to call it. */
export interface Callee {
  readonly name: string;
  readonly heaps: readonly string[];
}

export function createModel(
  program: Program,
  callees: ReadonlyMap<string, Callee>,
  profile: boolean,
): ModuleFunction {
  const places = memoryPlaces(program);
  const inputs = program.inputs.map((port, i) => portView(`input${i}`, port, places));
  const outputs = program.outputs.map((port, i): HeldOutput => {
    const sizes = outputSizes(port, sizeBuffersOf(program));
    return { ...portView(`output${i}`, port, places), ...(sizes && { sizes }) };
  });
  const sizes = sizeBuffersOf(program).map((buffer, i): HeldVariable => {
    const start = elementAt({ buffer, offset: 0 }, 'int32', places);
    return { name: nameOfSize(i), value: `${heapOf('int32')}.subarray(${start}, ${start + 1})` };
  });
  const launch = (step: Launch): string => stepCall(step, program, places, callees);
  const heapElement = (at: Argument, dtype: ElementType): string =>
    `${heapOf(dtype)}[${elementAt(at, dtype, places)}]`;
  return modelFunction({
    params: ['memory'],
    setup: [],
    held: [...heapsInUse(program), ...sizes],
    inputs,
    outputs,
    prepare: program.setup.map(launch),
    compute: program.steps.map((step) => stepText(step, launch, heapElement)),
    profile,
  });
}

/** The typed arrays over the memory. */
function heapsInUse({ kernels, inputs, outputs, steps }: Program): readonly HeldVariable[] {
  const control = typesLookedAt(steps).map((dtype) => ({ dtype }));
  const typed = [...kernels.flatMap(({ params }) => params), ...inputs, ...outputs, ...control];
  const heaps = new Map(typed.map(({ dtype }) => [heapOf(dtype), arrayOf(dtype)]));
  return [...heaps]
    .map(([name, array]) => ({ name, value: `new ${array}(memory)` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function portView(name: string, { view, dtype, dims }: Port, places: MemoryPlaces): HeldVariable {
  const start = elementAt(view, dtype, places);
  return { name, value: `${heapOf(dtype)}.subarray(${start}, ${start + elementCount(dims)})` };
}

function stepCall(
  step: Launch,
  program: Program,
  places: MemoryPlaces,
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
function elementAt(at: Argument, dtype: ElementType, places: MemoryPlaces): number {
  return places.addressOf(at, dtype) / dtypes[dtype].bytes;
}

function broken(what: string): never {
  throw new CompilerError('E_INTERNAL', `The program lacks ${what}.`);
}
