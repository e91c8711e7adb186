/** The function of a module that makes an instance: its memory, `run` and `dispose`. */

import type { ModuleFunction } from './es-module.js';
import type { OutputSizes } from './output-sizes.js';
import { TextWriter } from './text-writer.js';

/** A variable that an instance holds until it is disposed of. */
export interface HeldVariable {
  readonly name: string;
  /** The expression that makes it. */
  readonly value: string;
}

/** The variable over the memory of an output. */
export interface HeldOutput extends HeldVariable {
  /** Where only a run tells how large it is. */
  readonly sizes?: OutputSizes;
}

export interface ModelParts {
  readonly params: readonly string[];
  /** Lines that come first. */
  readonly setup: readonly string[];
  readonly held: readonly HeldVariable[];
  /** The variables over the memory of each input and each output: typed arrays. */
  readonly inputs: readonly HeldVariable[];
  readonly outputs: readonly HeldOutput[];
  /** Lines that come after all variables: what is to be done once, before the first run. Default: none. */
  readonly prepare?: readonly string[];
  /** The lines of `run` that compute outputs from inputs: a text for each step. */
  readonly compute: readonly string[];
  /**
   * Whether `run` takes a third argument, a function that hears the number of each step before it begins
   * and their count after the last. Default: no.
   */
  readonly profile?: boolean;
}

/**
 * `createModel`, which `load` calls. Input i is checked and copied as `feed<i>`, output i as `result<i>`; an
 * output that has its size from the run is a new record, whatever is given for it.
 */
export function modelFunction(parts: ModelParts): ModuleFunction {
  const { params, setup, inputs, outputs } = parts;
  const held = [...parts.held, ...inputs, ...outputs];
  const writer = new TextWriter({ level: 1 });
  for (const line of setup) writer.line(line);
  for (const { name, value } of held) writer.line(`let ${name} = ${value};`);
  for (const line of parts.prepare ?? []) writer.line(line);
  writer.line('let disposed = false;');
  writer.block(
    'return',
    () => {
      const hook = parts.profile ? ', onStep' : '';
      writer.block(`run(feeds, results${hook})`, () => writeRun(writer, parts), '},');
      writer.block(
        'dispose()',
        () => {
          writer.line('disposed = true;');
          if (held.length > 0) {
            writer.line(`${held.map(({ name }) => name).join(' = ')} = undefined;`);
          }
        },
        '},',
      );
    },
    '};',
  );
  return { kind: 'function', name: 'createModel', params, body: writer.toString() };
}

function writeRun(writer: TextWriter, { inputs, outputs, compute, profile }: ModelParts): void {
  writer.line('checkNames("feeds", feeds, inputs);');
  inputs.forEach((_, i) => {
    writer.line(`const feed${i} = tensorData("feeds", feeds, inputs[${i}]);`);
  });
  // All that the caller gives is checked before anything is written.
  writer.line('const given = results ?? newResults();');
  writer.line('checkNames("results", given, outputs);');
  outputs.forEach(({ sizes }, i) => {
    if (sizes) return;
    writer.line(`const result${i} = tensorData("results", given, outputs[${i}]);`);
  });
  // Not before: reading what the caller gives may run code of the caller's, which may dispose.
  writer.line('if (disposed) throw new Error("This model has been disposed of.");');
  inputs.forEach(({ name }, i) => {
    writer.line(`${name}.set(feed${i});`);
  });
  compute.forEach((line, step) => {
    if (profile) writer.line(`onStep?.(${step});`);
    writer.lines(line);
  });
  if (profile) writer.line(`onStep?.(${compute.length});`);
  outputs.forEach(({ name, sizes }, i) => {
    if (sizes) writeResult(writer, i, name, sizes);
    else writer.line(`result${i}.set(${name});`);
  });
  writer.line('return given;');
}

function writeResult(
  writer: TextWriter,
  i: number,
  name: string,
  { most, dims }: OutputSizes,
): void {
  const sizes = dims.map((dim) => (typeof dim === 'string' ? `${dim}[0]` : dim));
  writer.line(`const dims${i} = [${sizes.join(', ')}];`);
  writer.line(`const data${i} = withinSizes(${name}, [${most.join(', ')}], dims${i});`);
  writer.line(
    `given[outputs[${i}].name] = { data: data${i}, dims: dims${i}, dtype: outputs[${i}].dtype };`,
  );
}
