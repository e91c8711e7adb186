/** Models in which only a run can tell some sizes, with feeds of which each gives another one. */

import { parseGraph, type Tensor, tensorOf } from '@whittle/ir';

export interface SizedModel {
  readonly name: string;
  readonly text: string;
  readonly feeds: readonly Readonly<Record<string, FedTensor>>[];
}

type FedTensor = Tensor & { readonly dtype: 'float32' | 'int64' | 'bool' };

const f32 = (dims: readonly number[], values: readonly number[]): FedTensor => ({
  ...tensorOf('float32', dims, values),
  dtype: 'float32',
});
const i64 = (dims: readonly number[], values: readonly number[]): FedTensor => ({
  ...tensorOf('int64', dims, values),
  dtype: 'int64',
});

const bool = (dims: readonly number[], values: readonly number[]): FedTensor => ({
  ...tensorOf('bool', dims, values),
  dtype: 'bool',
});

const some = f32([3, 4], [0, 1.5, 0, -2, 0, 0, 3, 0.5, 0, 0, 0, 7]);
const none = f32([3, 4], Array<number>(12).fill(0));
const all = f32(
  [3, 4],
  Array.from({ length: 12 }, (_, i) => i - 5.5),
);

/** Rows of which those with a positive first number are kept. */
const rows = (...firsts: readonly number[]): FedTensor =>
  f32(
    [6, 4],
    firsts.flatMap((first, i) => [first, 0.5 * i, 3 - i, 0.25]),
  );
const keptRows = `
  input %x: f32[6,4]
  const %first: i64[] = [0]
  const %zero: f32[] = [0]
  %column = Gather(%x, %first) {axis = 1}
  %keep = Greater(%column, %zero)
  %rows = Compress(%x, %keep) {axis = 0}`;
const rowFeeds = [
  rows(1, -1, 2, 3, -2, 0),
  rows(-1, -1, -1, -1, -1, 4),
  rows(5, 4, 3, 2, 1, 6),
].map((x) => ({ x }));

const boxes = f32(
  [1, 6, 4],
  [
    ...[0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9],
    ...[0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100, 1, 101],
  ],
);
const scoresOf = (...values: readonly number[]): FedTensor => f32([1, 2, 6], values);

export const sizedModels: readonly SizedModel[] = [
  {
    name: 'NonZero, Transpose, GatherND',
    text: `input %x: f32[3,4]
      %places = NonZero(%x)
      %tuples = Transpose(%places)
      %values = GatherND(%x, %tuples)
      %halves = Mul(%values, %values)
      const %axes: i64[1] = [0]
      %sum = ReduceSum(%halves, %axes) {keepdims = 0}
      %count = Size(%values)
      %shape = Shape(%tuples)
      output "places" = %places  output "tuples" = %tuples  output "values" = %halves
      output "sum" = %sum  output "count" = %count  output "shape" = %shape`,
    feeds: [{ x: some }, { x: none }, { x: all }],
  },
  {
    name: 'NonZero, ScatterND',
    text: `input %x: f32[3,4]
      const %zero: f32[] = [0]
      %positive = Greater(%x, %zero)
      %places = NonZero(%positive)
      %tuples = Transpose(%places)
      %values = GatherND(%x, %tuples)
      %roots = Sqrt(%values)
      %y = ScatterND(%x, %tuples, %roots)
      %more = ScatterND(%x, %tuples, %values) {reduction = "add"}
      output "y" = %y  output "more" = %more`,
    feeds: [{ x: some }, { x: none }],
  },
  {
    name: 'NonMaxSuppression, Gather',
    text: `input %boxes: f32[1,6,4]  input %scores: f32[1,2,6]
      const %most: i64[1] = [3]  const %overlap: f32[1] = [0.5]  const %least: f32[1] = [0.2]
      const %one: i64[1] = [1]  const %two: i64[1] = [2]  const %three: i64[1] = [3]
      const %axis: i64[1] = [1]  const %batch: i64[1] = [0]
      %kept = NonMaxSuppression(%boxes, %scores, %most, %overlap, %least)
      %box = Slice(%kept, %two, %three, %axis)
      %flat = Squeeze(%box, %axis)
      %class = Slice(%kept, %one, %two, %axis)
      %all = Squeeze(%boxes, %batch)
      %chosen = Gather(%all, %flat) {axis = 0}
      %tuples = Gather(%scores, %flat) {axis = 2}
      %classes = Cast(%class) {to = 1}
      %table = Concat(%classes, %chosen) {axis = 1}
      output "kept" = %kept  output "table" = %table  output "of" = %tuples`,
    feeds: [
      scoresOf(0.9, 0.75, 0.6, 0.95, 0.5, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
      scoresOf(0.9, 0.1, 0.6, 0.1, 0.5, 0.3, 0.3, 0.8, 0.8, 0.1, 0.1, 0.4),
      scoresOf(...Array<number>(12).fill(0.1)),
    ].map((scores) => ({ boxes, scores })),
  },
  {
    name: 'reductions and products over rows that are kept',
    text: `${keptRows}
      const %w: f32[4,2] = [1, 2, -1, 0.5, 0, 3, 2, -2]
      const %down: i64[1] = [0]  const %across: i64[1] = [1]
      %product = MatMul(%rows, %w)
      %mean = ReduceMean(%rows, %down)
      %max = ReduceMax(%rows, %across) {keepdims = 0}
      %least = ReduceMin(%rows, %down) {keepdims = 0}
      %log = ReduceLogSumExp(%rows, %down)
      %soft = Softmax(%rows) {axis = 0}
      %best = ArgMax(%rows) {axis = 0}
      %worst = ArgMin(%rows) {axis = 0, keepdims = 0, select_last_index = 1}
      %running = CumSum(%rows, %first)
      output "product" = %product  output "mean" = %mean  output "max" = %max  output "least" = %least
      output "log" = %log  output "soft" = %soft  output "best" = %best  output "worst" = %worst
      output "running" = %running`,
    feeds: rowFeeds,
  },
  {
    name: 'sizes of rows that are kept, in other ops',
    text: `${keptRows}
      const %last: i64[1] = [-1]  const %whole: i64[] = [0]  const %one: i64[] = [1]
      const %start: i64[1] = [0]  const %end: i64[1] = [3]  const %axes: i64[1] = [0]
      const %flat: i64[1] = [-1]  const %three: i64[1] = [3]  const %two: i64[1] = [2]
      input %which: i64[2]
      %picked = Gather(%rows, %which) {axis = 0}
      %some = Slice(%rows, %start, %end, %axes)
      %line = Reshape(%rows, %flat)
      %shape = Shape(%rows)
      %count = Gather(%shape, %whole) {axis = 0}
      %numbers = Range(%whole, %count, %one)
      %counts = Unsqueeze(%count, %axes)
      %spread = Concat(%counts, %three, %counts) {axis = 0}
      %small = Slice(%spread, %start, %two, %axes)
      %zeros = ConstantOfShape(%small)
      output "picked" = %picked  output "some" = %some  output "line" = %line  output "numbers" = %numbers
      output "zeros" = %zeros`,
    feeds: rowFeeds.map((feeds, i) => ({ ...feeds, which: i64([2], [-1, i === 1 ? 0 : 1]) })),
  },
  {
    name: 'TopK of what is kept, as many as there are or three',
    text: `${keptRows}
      const %zeroth: i64[1] = [0]  const %three: i64[1] = [3]
      %firsts = Gather(%rows, %first) {axis = 1}
      %shape = Shape(%firsts)
      %k = Min(%shape, %three)
      %values, %places = TopK(%firsts, %k)
      %best = Gather(%rows, %places) {axis = 0}
      output "values" = %values  output "places" = %places  output "best" = %best`,
    feeds: rowFeeds,
  },
  {
    name: 'a network for the images that are kept',
    text: `input %x: f32[3,2,5,5]  input %keep: bool[3]
      const %w: f32[4,2,3,3] = seeded 1  const %b: f32[4] = seeded 2  const %m: f32[4,3] = seeded 3
      const %all: i64[2] = [0, -1]
      %images = Compress(%x, %keep) {axis = 0}
      %features = Conv(%images, %w, %b) {pads = [1, 1, 1, 1]}
      %active = Relu(%features)
      %more = Add(%active, %features)
      %pooled = MaxPool(%more) {kernel_shape = [2, 2], strides = [2, 2]}
      %mean = GlobalAveragePool(%pooled)
      %flat = Reshape(%mean, %all)
      %logits = Gemm(%flat, %m)
      %scores = Softmax(%logits)
      output "scores" = %scores  output "features" = %features`,
    feeds: [
      [1, 0, 1],
      [0, 0, 1],
      [1, 1, 1],
    ].map((keep) => ({
      x: f32(
        [3, 2, 5, 5],
        Array.from({ length: 150 }, (_, i) => Math.sin(i)),
      ),
      keep: bool([3], keep),
    })),
  },
  {
    name: 'Unique and NonZero of what is kept',
    text: `${keptRows}
      const %one: i64[] = [1]
      %seconds = Gather(%rows, %one) {axis = 1}
      %halves = Floor(%seconds)
      %values, %at, %inverse, %counts = Unique(%halves)
      %again = NonZero(%halves)
      %distinct = Unique(%rows) {axis = 0}
      output "values" = %values  output "at" = %at  output "inverse" = %inverse  output "counts" = %counts
      output "again" = %again  output "distinct" = %distinct`,
    feeds: rowFeeds,
  },
];

export function graphOfSized({ text }: SizedModel): ReturnType<typeof parseGraph> {
  return parseGraph(`graph "sized" {${text}}`);
}
