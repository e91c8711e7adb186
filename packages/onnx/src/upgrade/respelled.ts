/** Attributes that were written otherwise, had other defaults, or other names. */

import { CompilerError } from '@whittle/ir';
import { dataTypeOf, dtypeOf } from '../data-type.js';
import { drop, inTurn, withAttribute, written } from './node-edits.js';
import type { Upgrade, UpgradeRow } from './upgrade.js';

/** Unary ops that before opset 6 listed the inputs they may overwrite. */
const consuming = [
  'Abs',
  'Ceil',
  'Elu',
  'Exp',
  'Floor',
  'HardSigmoid',
  'InstanceNormalization',
  'LeakyRelu',
  'Log',
  'Neg',
  'Reciprocal',
  'Relu',
  'Sigmoid',
  'Sqrt',
  'Tanh',
];

/** n-ary ops that did so until opset 8. */
const consumingMany = ['Max', 'Mean', 'Min', 'Sum'];

// biome-ignore format: a table
export const respelled: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ...consuming.map((op): [string, UpgradeRow[]] => [op, [{ below: 6, upgrade: drop('consumed_inputs') }]]),
  ...consumingMany.map((op): [string, UpgradeRow[]] => [op, [{ below: 8, upgrade: drop('consumed_inputs') }]]),
  ['Selu', [{ below: 6, upgrade: inTurn(drop('consumed_inputs'), absentMeans('alpha', 1.6732), absentMeans('gamma', 1.0507)) }]],
  ['Concat', [{ below: 4, upgrade: axisOneByDefault }]],
  ['Cast', [{ below: 6, upgrade: castByName }, { below: Number.POSITIVE_INFINITY, upgrade: knownType('to') }]],
  ['EyeLike', [{ below: Number.POSITIVE_INFINITY, upgrade: knownType('dtype') }]],
  ...['QuantizeLinear', 'DequantizeLinear'].map((op): [string, UpgradeRow[]] => [op, [{ below: Number.POSITIVE_INFINITY, upgrade: knownType('output_dtype') }]]),
  ['Gemm', [{ below: 7, upgrade: drop('broadcast') }]],
  ['LpPool', [{ below: 2, upgrade: powerToInt }]],
  ['GlobalLpPool', [{ below: 2, upgrade: powerToInt }]],
  ['Scatter', [{ below: Number.POSITIVE_INFINITY, upgrade: rename('ScatterElements') }]],
  ['RoiAlign', [{ below: 16, upgrade: alignOutputHalfPixel }]],
  ['GridSample', [{ below: 20, upgrade: linearModes }]],
  ['LSTM', [{ below: 7, upgrade: drop('output_sequence') }]],
  ['GRU', [{ below: 7, upgrade: drop('output_sequence') }]],
  ['RNN', [{ below: 7, upgrade: drop('output_sequence') }]],
  ['Scan', [{ below: 9, upgrade: refuse('runs over batches, in a form that opset 9 took out') }]],
];

function absentMeans(name: string, value: number): Upgrade {
  return (node) =>
    written(node, name, 'float') === undefined
      ? withAttribute(node, name, { kind: 'float', value: Math.fround(value) })
      : node;
}

function rename(op: string): Upgrade {
  return (node) => ({ ...node, op });
}

function refuse(problem: string): Upgrade {
  return (_, context) => {
    throw context.unsupported(problem);
  };
}

/** Refuses the element types of ONNX that Whittle has not, where an attribute names one. */
function knownType(name: string): Upgrade {
  return (node) => {
    const number = written(node, name, 'int');
    const where = { node: node.name, op: node.op };
    if (number !== undefined && number !== 0) dtypeOf(number, `What ${node.op} gives`, where);
    return node;
  };
}

function axisOneByDefault(...[node]: Parameters<Upgrade>): ReturnType<Upgrade> {
  if (written(node, 'axis', 'int') !== undefined) return node;
  return withAttribute(node, 'axis', { kind: 'int', value: 1 });
}

/** Opsets below 6 write the type by its name, `FLOAT`. */
function castByName(...[node]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const name = node.attributes.to?.kind === 'string' ? node.attributes.to.value : undefined;
  if (name === undefined) return node;
  const number = dataTypesByName.get(name.toUpperCase());
  if (number === undefined) {
    throw new CompilerError('E_INVALID_MODEL', `Cast to "${name}", which is no type.`, {
      where: { node: node.name, op: node.op },
    });
  }
  return withAttribute(node, 'to', { kind: 'int', value: number });
}

const dataTypesByName: ReadonlyMap<string, number> = new Map([
  ['FLOAT', dataTypeOf('float32')],
  ['DOUBLE', dataTypeOf('float64')],
  ['FLOAT16', dataTypeOf('float16')],
  ['INT8', dataTypeOf('int8')],
  ['INT16', dataTypeOf('int16')],
  ['INT32', dataTypeOf('int32')],
  ['INT64', dataTypeOf('int64')],
  ['UINT8', dataTypeOf('uint8')],
  ['UINT16', dataTypeOf('uint16')],
  ['UINT32', dataTypeOf('uint32')],
  ['UINT64', dataTypeOf('uint64')],
  ['BOOL', dataTypeOf('bool')],
  ['STRING', dataTypeOf('string')],
]);

function powerToInt(...[node]: Parameters<Upgrade>): ReturnType<Upgrade> {
  if (node.attributes.p?.kind !== 'float') return node;
  return withAttribute(node, 'p', { kind: 'int', value: Math.round(node.attributes.p.value) });
}

function alignOutputHalfPixel(...[node]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const value = 'output_half_pixel';
  return withAttribute(node, 'coordinate_transformation_mode', { kind: 'string', value });
}

/** Opset 20 gave the modes their names for any number of axes. */
function linearModes(...[node]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const mode = written(node, 'mode', 'string');
  const value = mode === 'bilinear' ? 'linear' : mode === 'bicubic' ? 'cubic' : mode;
  return value === undefined ? node : withAttribute(node, 'mode', { kind: 'string', value });
}
