/** BatchNormalization, Dropout and GroupNormalization, whose outputs and modes have changed. */

import { int64Tensor, isBound, tensorOf, type Value } from '@whittle/ir';
import { requiredInput, scalarLike, without, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

export const normalizations: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  [
    'BatchNormalization',
    [
      { below: 9, upgrade: perActivation },
      { below: 14, upgrade: trainingByOutputs },
      { below: Number.POSITIVE_INFINITY, upgrade: trained },
    ],
  ],
  ['Dropout', [{ below: 12, upgrade: ratioToInput }]],
  ['GroupNormalization', [{ below: 21, upgrade: scalePerChannel }]],
];

/**
 * `spatial = 0` normalises each position on its own: scale, bias, mean and variance have all dims of
 * the input but the first, and broadcast.
 */
function perActivation(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const bare = without(node, 'spatial', 'is_test', 'consumed_inputs');
  if ((written(node, 'spatial', 'int') ?? 1) !== 0) return bare;
  const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => requiredInput(node, i));
  if (!x || !variance) return bare;
  const epsilon = scalarLike(written(node, 'epsilon', 'float') ?? 1e-5, x, context);
  const deviation = context.emit('Sqrt', [context.emit('Add', [variance, epsilon])]);
  const normal = context.emit('Div', [context.emit('Sub', [x, mean]), deviation]);
  const scaled = context.emit('Mul', [normal, scale]);
  return { ...node, op: 'Add', inputs: [scaled, bias], attributes: {}, outputs: firstOf(node) };
}

/**
 * Before opset 14 the outputs told training from inference. Statistics that nobody reads are dropped,
 * as engines for inference do; where somebody reads them, the node trains, and saves what later opsets do not.
 */
function trainingByOutputs(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  if (!node.outputs.slice(1).some((name) => context.isUsed(name))) {
    return { ...node, outputs: firstOf(node) };
  }
  throw context.unsupported('is in training mode', 'Export the model for inference.');
}

/**
 * In training the statistics are those of the batch itself, and the running ones move towards them by
 * `1 - momentum`.
 */
function trained(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  if ((written(node, 'training_mode', 'int') ?? 0) === 0) return node;
  const x = requiredInput(node, 0);
  if (x.type === undefined) throw context.unsupported('trains on an input of unknown rank');
  const axes = x.type.dims.map((_, axis) => axis).filter((axis) => axis !== 1);
  const over = context.constant(int64Tensor(axes));
  const channels = context.constant(int64Tensor([-1]));
  const average = (value: Value) => context.emit('ReduceMean', [value, over]);
  const mean = average(x);
  const distance = context.emit('Sub', [x, mean]);
  const variance = average(context.emit('Mul', [distance, distance]));
  const statistics = [mean, variance].map((value, i) => {
    const old = requiredInput(node, 3 + i);
    return context.emit('CastLike', [context.emit('Reshape', [value, channels]), old]);
  });
  for (const [i, batch] of statistics.entries()) {
    const name = node.outputs[1 + i];
    if (name !== undefined) moveStatistic(node, context, [requiredInput(node, 3 + i), batch], name);
  }
  const inputs = [x, node.inputs[1], node.inputs[2], ...statistics];
  return { ...without(node, 'training_mode'), inputs, outputs: firstOf(node) };
}

/** Defines `name` as the old statistic brought nearer to that of the batch. */
function moveStatistic(
  node: ImportedNode,
  context: UpgradeContext,
  [old, batch]: readonly [Value, Value],
  name: string,
): void {
  const momentum = written(node, 'momentum', 'float') ?? 0.9;
  const share = (value: Value, factor: number) =>
    context.emit('Mul', [value, scalarLike(factor, old, context)]);
  const inputs = [share(old, momentum), share(batch, 1 - momentum)];
  context.define({ ...node, op: 'Add', inputs, attributes: {}, outputs: [name] });
}

/**
 * No opset below 12 drops anything outside of training, so the ratio goes. The mask of opsets below
 * 10 has the dtype of the data.
 */
function ratioToInput(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const bare = without(node, 'ratio', 'is_test', 'consumed_inputs');
  const [output, mask] = node.outputs;
  if (!context.isUsed(mask)) return { ...bare, outputs: [output] };
  const x = requiredInput(node, 0);
  const identity = { ...bare, op: 'Identity', inputs: [x], attributes: {}, outputs: [output] };
  if (output !== undefined) context.define(identity);
  const shape = context.emit('Shape', [x]);
  const ones = context.emit('ConstantOfShape', [shape], {
    value: { kind: 'tensor', value: tensorOf('bool', [1], [1]) },
  });
  const cast = context.opset < 10 ? 'CastLike' : 'Identity';
  const inputs = cast === 'CastLike' ? [ones, x] : [ones];
  return { ...identity, op: cast, inputs, outputs: [mask] };
}

/** Scale and bias were one number per group. */
function scalePerChannel(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const x = requiredInput(node, 0);
  const channels = x.type?.dims[1];
  const groups = written(node, 'num_groups', 'int') ?? 1;
  if (channels === undefined || !isBound(channels) || groups < 1) {
    throw context.unsupported('has an unknown number of channels');
  }
  const spread = (value: Value) => repeatEach(value, groups, channels / groups, context);
  return { ...node, inputs: [x, spread(requiredInput(node, 1)), spread(requiredInput(node, 2))] };
}

function repeatEach(value: Value, count: number, times: number, context: UpgradeContext): Value {
  const column = context.emit('Reshape', [value, context.constant(int64Tensor([count, 1]))]);
  const rows = context.emit('Expand', [column, context.constant(int64Tensor([count, times]))]);
  return context.emit('Reshape', [rows, context.constant(int64Tensor([-1]))]);
}

function firstOf(node: ImportedNode): ImportedNode['outputs'] {
  return node.outputs.slice(0, 1);
}
