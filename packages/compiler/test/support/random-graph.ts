/**
 * Random small graphs of convolutions, pools, products and the ops that move elements between them,
 * with values used more than once and several outputs. The same seed gives the same graph.
 *
 * Each row of `steps` tries to apply one op to a value and gives undefined where it does not fit.
 */

import {
  type AttributeLiterals,
  allBound,
  elementCount,
  type Graph,
  GraphBuilder,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { Draw } from './draw.js';
import { attributesOf, type Window } from './window.js';

export interface RandomGraph {
  readonly graph: Graph;
  /** The dims of each input, all float32. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
}

export function randomGraph(seed: number): RandomGraph {
  const draw = new Draw(seed);
  const builder = new GraphBuilder(`random ${seed}`);
  const inputs: Record<string, readonly number[]> = {};
  const pool: Value[] = [];
  for (let i = draw.below(2); i >= 0; i--) {
    const dims = inputDims(draw);
    inputs[`x${i}`] = dims;
    pool.push(builder.input(`x${i}`, 'float32', dims));
  }
  const made: Value[] = [];
  for (let left = 2 + draw.below(9), tries = 0; left > 0 && tries < 100; tries++) {
    const step = draw.of(steps);
    // Mostly one of the newest, so that chains grow; sometimes an old one, so that values are shared.
    const recent = draw.chance(0.7) ? pool.slice(-2) : pool;
    const results = step({ draw, builder, pool }, draw.of(recent));
    if (results === undefined || results.some((value) => !isSmall(value))) continue;
    pool.push(...results);
    made.push(...results);
    left--;
  }
  declareOutputs(draw, builder, pool, made);
  return { graph: builder.build(), inputs };
}

/** What nobody reads, and now and then what somebody reads, an input, or one value twice. */
function declareOutputs(
  draw: Draw,
  builder: GraphBuilder,
  pool: readonly Value[],
  made: readonly Value[],
): void {
  const read = new Set(builder.build().nodes.flatMap((node) => node.inputs));
  const outputs = made.filter((value) => !read.has(value) || draw.chance(0.15));
  if (draw.chance(0.1)) outputs.push(draw.of(pool));
  if (outputs.length === 0) outputs.push(pool.at(-1) ?? draw.of(pool));
  outputs.forEach((value, i) => {
    builder.output(`y${i}`, value);
  });
}

interface State {
  readonly draw: Draw;
  readonly builder: GraphBuilder;
  /** All values so far. */
  readonly pool: readonly Value[];
}

type Step = (state: State, x: Value) => readonly Value[] | undefined;

const elementwise: Step = ({ draw, builder }, x) => {
  const [op, attributes = {}] = draw.of<readonly [string, AttributeLiterals?]>([
    ...(['Relu', 'Sigmoid', 'HardSwish', 'Tanh', 'Neg', 'Identity'] as const).map(
      (name) => [name] as const,
    ),
    ['LeakyRelu', { alpha: 0.125 }],
    ['HardSigmoid', { alpha: 0.25 }],
  ]);
  return [builder.op(op, [x], attributes)];
};

const clip: Step = ({ builder }, x) => [
  builder.op('Clip', [x, builder.scalar('float32', 0), builder.scalar('float32', 0.75)]),
];

/** With another value, the same one, or a smaller one that is broadcast. */
const binary: Step = ({ draw, builder, pool }, x) => {
  const dims = dimsOf(x);
  const fits = (value: Value): boolean => {
    const own = dimsOf(value);
    return (
      own.length <= dims.length &&
      own.every((dim, i) => dim === 1 || dim === dims[i + dims.length - own.length])
    );
  };
  const other = draw.chance(0.2)
    ? draw.weights(
        builder,
        draw.chance(0.5) ? dims.slice(-1) : dims.map((d, i) => (i === 1 ? d : 1)),
      )
    : draw.of(pool.filter(fits));
  const pair = draw.chance(0.5) ? [x, other] : [other, x];
  return [builder.op(draw.of(['Add', 'Add', 'Mul', 'Sub', 'Max']), pair)];
};

/** Regular, pointwise, grouped and depthwise with a multiplier, in one to three dimensions. */
const convolution: Step = ({ draw, builder }, x) => {
  const [, channels = 0, ...spatial] = dimsOf(x);
  if (spatial.length === 0 || isEmpty(x)) return undefined;
  const kind = draw.of(['regular', 'pointwise', 'grouped', 'depthwise', 'depthwise'] as const);
  const divisors = [1, 2, 3, 4, 5, 6].filter((d) => channels % d === 0);
  const group = kind === 'grouped' ? draw.of(divisors) : kind === 'depthwise' ? channels : 1;
  const outputs = group * (1 + draw.below(group > 1 ? 3 : 6));
  const windows = drawWindows(draw, spatial, kind === 'pointwise' ? 1 : 4);
  if (windows === undefined) return undefined;
  const kernel = windows.map((window) => window.kernel);
  const filter = draw.weights(builder, [outputs, channels / group, ...kernel]);
  const weights = draw.chance(0.1) ? builder.op('Tanh', [filter]) : filter;
  const bias = draw.chance(0.6) ? [draw.weights(builder, [outputs])] : [];
  return [builder.op('Conv', [x, weights, ...bias], { ...attributesOf(windows), group })];
};

const transposedConvolution: Step = ({ draw, builder }, x) => {
  const [, channels = 0, ...spatial] = dimsOf(x);
  if (spatial.length === 0 || isEmpty(x)) return undefined;
  const group = draw.chance(0.3) ? channels : 1;
  const kernel = spatial.map(() => 1 + draw.below(3));
  const filter = draw.weights(builder, [channels, 1 + draw.below(4), ...kernel]);
  const strides = spatial.map(() => 1 + draw.below(2));
  return [builder.op('ConvTranspose', [x, filter], { group, strides })];
};

const pool: Step = ({ draw, builder }, x) => {
  const spatial = dimsOf(x).slice(2);
  // onnxruntime pools in three dimensions at most.
  if (spatial.length === 0 || spatial.length > 3 || isEmpty(x)) return undefined;
  if (draw.chance(0.2)) return [builder.op('GlobalAveragePool', [x])];
  const windows = drawWindows(draw, spatial, 3);
  if (windows === undefined) return undefined;
  const { dilations, ...attributes } = attributesOf(windows);
  // No pad reaches as far as the kernel, or onnxruntime refuses it.
  const kernel = windows.map((window) => window.kernel);
  const pads = attributes.pads.map((pad, i) => Math.min(pad, (kernel[i % kernel.length] ?? 1) - 1));
  const shape = { ...attributes, pads, kernel_shape: kernel };
  // Of nothing but padding, which taps apart may see, onnxruntime takes the lowest finite number.
  const apart = pads.every((size) => size === 0) ? { dilations } : {};
  return draw.chance(0.5)
    ? [builder.op('MaxPool', [x], { ...shape, ...apart })]
    : [builder.op('AveragePool', [x], { ...shape, count_include_pad: draw.below(2) })];
};

/** Of two or three values that differ in one axis at most; one may come twice. */
const concat: Step = ({ draw, builder, pool: values }, x) => {
  const dims = dimsOf(x);
  if (dims.length === 0) return undefined;
  const axis = draw.below(dims.length);
  const fits = (value: Value): boolean => {
    const own = dimsOf(value);
    return own.length === dims.length && own.every((dim, i) => i === axis || dim === dims[i]);
  };
  const candidates = values.filter(fits);
  const parts = [x, ...Array.from({ length: 1 + draw.below(2) }, () => draw.of(candidates))];
  return [builder.op('Concat', draw.chance(0.5) ? parts : parts.reverse(), { axis })];
};

const slice: Step = ({ draw, builder }, x) => {
  const dims = dimsOf(x);
  if (dims.length === 0) return undefined;
  const axis = draw.below(dims.length);
  const size = dims[axis] ?? 0;
  const step = draw.of([1, 1, 2, -1]);
  const [a, b] = [draw.below(size + 1), draw.below(size + 1)].sort((p, q) => p - q);
  const [start = 0, end = 0] = step > 0 ? [a, b] : [(b ?? 0) - 1, (a ?? 0) - 1 - size * 2];
  const empty = step > 0 ? a === b : (b ?? 0) === 0;
  if (empty && !draw.chance(0.1)) return undefined;
  const bounds = [start, end, axis, step].map((value) => integers(builder, [value]));
  return [builder.op('Slice', [x, ...bounds])];
};

const split: Step = ({ draw, builder }, x) => {
  const dims = dimsOf(x);
  const axis = dims.findIndex((dim) => dim > 1);
  if (axis < 0) return undefined;
  const first = 1 + draw.below((dims[axis] ?? 2) - 1);
  const lengths = integers(builder, [first, (dims[axis] ?? 2) - first]);
  const node = builder.node('Split', [x, lengths], { axis }, { outputs: ['a', 'b'] });
  return node.outputs.flatMap((value) => (value === undefined ? [] : [value]));
};

const transpose: Step = ({ draw, builder }, x) => [
  builder.op('Transpose', [x], { perm: draw.shuffled(dimsOf(x).map((_, axis) => axis)) }),
];

const reshape: Step = ({ draw, builder }, x) => {
  const dims = dimsOf(x);
  if (isEmpty(x)) return undefined;
  if (draw.chance(0.2)) return [builder.op('Flatten', [x], { axis: draw.below(dims.length + 1) })];
  const merged = [...dims];
  const at = draw.below(dims.length);
  const choice = draw.below(3);
  if (choice === 0) merged.splice(at, 2, elementCount(merged.slice(at, at + 2)));
  else if (choice === 1) merged.splice(at, 0, 1);
  else {
    const factor = [2, 3, 5].find((f) => (merged[at] ?? 1) % f === 0) ?? 1;
    merged.splice(at, 1, factor, (merged[at] ?? 1) / factor);
  }
  return [builder.op('Reshape', [x, integers(builder, merged)])];
};

const reduce: Step = ({ draw, builder }, x) => {
  const dims = dimsOf(x);
  if (dims.length === 0 || isEmpty(x)) return undefined;
  const axes = integers(builder, [draw.below(dims.length)]);
  const op = draw.of(['ReduceMean', 'ReduceSum', 'ReduceMax']);
  return [builder.op(op, [x, axes], { keepdims: draw.below(2) })];
};

const softmax: Step = ({ draw, builder }, x) => {
  const rank = dimsOf(x).length;
  return rank === 0 ? undefined : [builder.op('Softmax', [x], { axis: draw.below(rank) })];
};

const pad: Step = ({ draw, builder }, x) => {
  const dims = dimsOf(x);
  if (dims.length === 0 || isEmpty(x)) return undefined;
  const reflects = draw.chance(0.3) && dims.every((dim) => dim > 1);
  const pads = [...dims, ...dims].map(() => (draw.chance(0.3) ? 1 : 0));
  const mode = reflects ? 'reflect' : 'constant';
  return [builder.op('Pad', [x, integers(builder, pads)], { mode })];
};

const batchNormalization: Step = ({ draw, builder }, x) => {
  const [, channels] = dimsOf(x);
  if (channels === undefined || dimsOf(x).length < 3) return undefined;
  const variance = Array.from({ length: channels }, () => 0.5 + draw.below(4) / 4);
  return [
    builder.op('BatchNormalization', [
      x,
      ...[0, 1, 2].map(() => draw.weights(builder, [channels])),
      builder.constant(tensorOf('float32', [channels], variance)),
    ]),
  ];
};

const gemm: Step = ({ draw, builder }, x) => {
  const [rows, depth, ...more] = dimsOf(x);
  if (rows === undefined || depth === undefined || more.length > 0) return undefined;
  // Over no terms, onnxruntime leaves out beta.
  if (isEmpty(x)) return undefined;
  const [transA, transB] = [draw.below(2), draw.below(2)];
  const [m, k] = transA ? [depth, rows] : [rows, depth];
  const n = 1 + draw.below(6);
  const b = draw.weights(builder, transB ? [n, k] : [k, n]);
  const bias = draw.of<readonly number[] | undefined>([undefined, [], [n], [m, 1], [1, n], [m, n]]);
  const c = bias === undefined ? [] : [draw.weights(builder, bias)];
  const scale = draw.chance(0.5) ? {} : { alpha: 0.5, beta: 2 };
  return [builder.op('Gemm', [x, b, ...c], { transA, transB, ...scale })];
};

const matrixProduct: Step = ({ draw, builder, pool: values }, x) => {
  const dims = dimsOf(x);
  const depth = dims.at(-1);
  if (depth === undefined || isEmpty(x)) return undefined;
  const fits = (value: Value): boolean => {
    const own = dimsOf(value);
    return own.length === 1 ? own[0] === depth : own.length === 2 && own[0] === depth;
  };
  const computed = values.filter(fits);
  const other =
    computed.length > 0 && draw.chance(0.5)
      ? draw.of(computed)
      : draw.weights(builder, draw.of([[depth], [depth, 1 + draw.below(6)]]));
  return [builder.op('MatMul', [x, other])];
};

const steps: readonly Step[] = [
  ...[elementwise, elementwise, clip, binary, binary, binary],
  ...[convolution, convolution, convolution, convolution, transposedConvolution, pool, pool],
  ...[concat, concat, concat, slice, slice, split, transpose, reshape, reduce, softmax, pad],
  ...[batchNormalization, gemm, matrixProduct],
];

/** For each axis a window that fits at least once, padding included; undefined where one does not. */
function drawWindows(
  draw: Draw,
  sizes: readonly number[],
  mostTaps: number,
): readonly Window[] | undefined {
  const windows = sizes.map((size) => drawWindow(draw, size, mostTaps));
  const fitting = windows.filter((window) => window !== undefined);
  return fitting.length < windows.length ? undefined : fitting;
}

function drawWindow(draw: Draw, size: number, mostTaps: number): Window | undefined {
  const kernel = 1 + draw.below(mostTaps);
  const dilation = draw.chance(0.2) ? 2 : 1;
  const [before = 0, after = 0] = [0, 0].map(() => (draw.chance(0.5) ? draw.below(kernel) : 0));
  const stride = draw.chance(0.3) ? 2 : 1;
  if (size === 0 || (kernel - 1) * dilation >= size + before + after) return undefined;
  return { kernel, dilation, stride, before, after };
}

/** Mostly images; channels and sizes that are no multiples of tiles. */
function inputDims(draw: Draw): number[] {
  const spatial = draw.of([1, 2, 2, 2, 2, 3, 0]);
  const batch = draw.chance(0.8) ? 1 : 2;
  if (spatial === 0) return [1 + draw.below(4), 1 + draw.below(7)];
  const most = spatial === 3 ? 4 : 8;
  return [batch, 1 + draw.below(6), ...Array.from({ length: spatial }, () => 1 + draw.below(most))];
}

function isEmpty(value: Value): boolean {
  return dimsOf(value).includes(0);
}

function isSmall(value: Value): boolean {
  const dims = dimsOf(value);
  return dims.length <= 6 && elementCount(dims) <= 4096;
}

function dimsOf(value: Value): readonly number[] {
  const dims = value.type?.dims;
  if (dims === undefined || !allBound(dims)) throw new Error(`"${value.name}" has no bound dims.`);
  return dims;
}

function integers(builder: GraphBuilder, values: readonly number[]): Value {
  return builder.constant(tensorOf('int64', [values.length], values.map(BigInt)));
}
