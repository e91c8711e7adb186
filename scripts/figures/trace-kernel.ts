/**
 * Watching a fused kernel at work: a small `SeparableConv` is lowered as the compiler does it, and
 * the interpreter runs its kernel over memory that notes each access. What the figures show of the
 * schedule is what was seen here.
 */

import { jsCapabilities } from '@whittle/codegen-js';
import { type Graph, GraphBuilder, seededTensor, type TypedArray, typedArrayOf } from '@whittle/ir';
import {
  type KernelArgument,
  type Launch,
  launchesIn,
  lowerGraph,
  type Program,
  runKernel,
} from '@whittle/kernel';
import { AccessLog, type Band, type SeparableShape } from './access-log.js';

export function traceSeparable(shape: SeparableShape): readonly Band[] {
  const program = lowerGraph(graphOf(shape), jsCapabilities);
  const log = new AccessLog(shape);
  const memory = new Map(
    program.buffers.map(({ name, dtype, length, space, byteOffset }) => {
      const bytes =
        space === 'constants'
          ? program.constants.subarray(byteOffset, byteOffset + 4 * length)
          : new Uint8Array(4 * length);
      return [name, typedArrayOf({ dtype, dims: [length], bytes })];
    }),
  );
  for (const step of launchesIn(program.steps)) run(program, step, memory, log);
  return log.bands;
}

/** Channels last on either side, so that no step has to move the image. */
function graphOf({ size, channels, expanded, kernel, stride, bandRows }: SeparableShape): Graph {
  const builder = new GraphBuilder('traced');
  const constant = (dims: readonly number[]) => builder.constant(seededTensor('float32', dims, 1));
  const inside = expanded ?? channels;
  const image = builder.input('x', 'float32', [1, size, size, channels]);
  const filtered = builder.op(
    'SeparableConv',
    [
      builder.op('Transpose', [image], { perm: [0, 3, 1, 2] }),
      constant([inside, 1, kernel, kernel]),
      constant([channels, inside, 1, 1]),
      ...[undefined, undefined, undefined],
      expanded === undefined ? undefined : constant([inside, channels, 1, 1]),
    ],
    {
      band_rows: bandRows,
      pads: Array<number>(4).fill(kernel >> 1),
      strides: [stride, stride],
    },
  );
  builder.output('y', builder.op('Transpose', [filtered], { perm: [0, 2, 3, 1] }));
  return builder.build();
}

function run(
  { kernels }: Program,
  step: Launch,
  memory: ReadonlyMap<string, TypedArray>,
  log: AccessLog,
): void {
  const kernel = kernels.find(({ name }) => name === step.kernel);
  if (kernel === undefined) throw new RangeError(`There is no kernel ${step.kernel}.`);
  const isFused = kernel.params.some(({ name }) => name === 'band');
  const args = step.args.map(({ buffer, offset }, i): KernelArgument => {
    const data = memory.get(buffer) ?? new Float32Array();
    const param = kernel.params[i]?.name ?? '';
    return { data: isFused ? watched(data, param, offset, log) : data, offset };
  });
  runKernel(kernel, args);
}

/** The array, which tells of each element that is read or written where in the parameter it lies. */
function watched(data: TypedArray, param: string, offset: number, log: AccessLog): TypedArray {
  const place = (key: string | symbol): number | undefined =>
    typeof key === 'string' && /^\d+$/.test(key) ? Number(key) - offset : undefined;
  return new Proxy(data, {
    get: (target, key) => {
      const at = place(key);
      if (at !== undefined) log.read(param, at);
      return Reflect.get(target, key, target);
    },
    set: (target, key, value) => {
      const at = place(key);
      if (at !== undefined) log.write(param, at);
      return Reflect.set(target, key, value, target);
    },
  });
}
