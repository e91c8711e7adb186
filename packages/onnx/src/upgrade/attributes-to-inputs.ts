/**
 * Ops whose parameters began as attributes and became inputs, so that a graph may compute them:
 * axes, shapes, pads, bounds.
 *
 * Source: the version sections of each op in the ONNX operator changelog.
 */

import { int64Tensor, integersOf, numbersOf, tensorOf } from '@whittle/ir';
import {
  drop,
  inTurn,
  intsToInput,
  requiredInput,
  scalarLike,
  withAttribute,
  withInput,
  without,
  written,
  writtenInts,
} from './node-edits.js';
import type { Upgrade, UpgradeRow } from './upgrade.js';

const reductions = [
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceProd',
  'ReduceSumSquare',
];

export const attributesToInputs: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ...reductions.map((op): [string, UpgradeRow[]] => [
    op,
    [{ below: 18, upgrade: intsToInput('axes', 1) }],
  ]),
  ['ReduceSum', [{ below: 13, upgrade: intsToInput('axes', 1) }]],
  ['Squeeze', [{ below: 13, upgrade: intsToInput('axes', 1) }]],
  ['Unsqueeze', [{ below: 13, upgrade: intsToInput('axes', 1) }]],
  ['Reshape', [{ below: 5, upgrade: inTurn(shapeToInput, drop('consumed_inputs')) }]],
  [
    'Slice',
    [
      {
        below: 10,
        upgrade: inTurn(...['starts', 'ends', 'axes'].map((name, i) => intsToInput(name, i + 1))),
      },
    ],
  ],
  ['Clip', [{ below: 11, upgrade: boundsToInputs }]],
  ['Pad', [{ below: 11, upgrade: padsToInputs }]],
  [
    'Split',
    [
      { below: 13, upgrade: intsToInput('split', 1) },
      { below: 18, upgrade: countParts },
    ],
  ],
  ['TopK', [{ below: 10, upgrade: countToInput }]],
  ['Tile', [{ below: 6, upgrade: tilesToRepeats }]],
  ['DFT', [{ below: 20, upgrade: axisToInput }]],
];

/** Unlike the others, an empty shape means a scalar, so it is kept. */
function shapeToInput(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const shape = written(node, 'shape', 'ints') ?? [];
  return withInput(without(node, 'shape'), 1, context.constant(int64Tensor(shape)));
}

function boundsToInputs(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const x = requiredInput(node, 0);
  let upgraded = without(node, 'min', 'max', 'consumed_inputs');
  for (const [i, name] of ['min', 'max'].entries()) {
    const bound = written(node, name, 'float');
    if (bound !== undefined) upgraded = withInput(upgraded, i + 1, scalarLike(bound, x, context));
  }
  return upgraded;
}

/** Opset 1 calls them `paddings`. A fill of 0 is the default. */
function padsToInputs(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const pads = writtenInts(node, 'pads') ?? writtenInts(node, 'paddings') ?? [];
  const value = written(node, 'value', 'float') ?? 0;
  const bare = without(node, 'pads', 'paddings', 'value');
  const padded = withInput(bare, 1, context.constant(int64Tensor(pads)));
  if (value === 0) return padded;
  return withInput(padded, 2, scalarLike(value, requiredInput(node, 0), context));
}

/** Without sizes the parts are equal, and how many there are was told by the outputs alone. */
function countParts(...[node]: Parameters<Upgrade>): ReturnType<Upgrade> {
  if (node.inputs[1] !== undefined) return node;
  return withAttribute(node, 'num_outputs', { kind: 'int', value: node.outputs.length });
}

function countToInput(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const count = written(node, 'k', 'int') ?? 0;
  return withInput(without(node, 'k'), 1, context.constant(int64Tensor([count])));
}

/** Opset 1 repeats along one axis; both numbers are inputs, and must be known here. */
function tilesToRepeats(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const x = requiredInput(node, 0);
  const [count] = integersOf(node.inputs[1]) ?? scalarOf(node.inputs[1]);
  const [axis] = integersOf(node.inputs[2]) ?? scalarOf(node.inputs[2]);
  if (count === undefined || axis === undefined || x.type === undefined) {
    throw context.unsupported('repeats along an axis that is not known');
  }
  const at = axis < 0 ? axis + x.type.dims.length : axis;
  const repeats = x.type.dims.map((_, i) => (i === at ? count : 1));
  return { ...node, inputs: [x, context.constant(int64Tensor(repeats))] };
}

/** The first opset passes counts as numbers of the dtype of the data. */
function scalarOf(value: Parameters<typeof integersOf>[0]): readonly number[] {
  return value?.constant && value.constant.dims.length <= 1 ? numbersOf(value.constant) : [];
}

function axisToInput(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const axis = written(node, 'axis', 'int') ?? 1;
  return withInput(without(node, 'axis'), 2, context.constant(tensorOf('int64', [], [axis])));
}
