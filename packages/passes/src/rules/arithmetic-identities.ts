/** Arithmetic that gives back its operand, bit for bit. */

import {
  any,
  constant,
  type DType,
  isFloat,
  isInteger,
  knownOps,
  type Match,
  node,
  op,
  type RewriteRule,
  requiredAttribute,
  shared,
  type Traits,
  type Value,
} from '@whittle/ir';
import { clipBounds, scalarTensor, scalarValue, uniformValue } from '../shared/constants.js';
import { identityRule } from './identity-rule.js';

const x = any('x');
const c = constant('c');
const idempotent = opsWith((traits) => traits.idempotent === true);
const cast = (capture: string) => node(capture, 'Cast', x);

export const arithmeticIdentities: readonly RewriteRule[] = [
  identityRule('x + 0 → x', op('Add', x, c), (match) => isNegativeZero(match)),
  identityRule('x − 0 → x', op('Sub', x, c), (match) => isPositiveZero(match)),
  identityRule('x · 1 → x', op('Mul', x, c), (match) => valueOfC(match) === 1),
  identityRule('x / 1 → x', op('Div', x, c), (match) => valueOfC(match) === 1),
  identityRule('x ^ 1 → x', op('Pow', x, c), (match) => valueOfC(match) === 1),
  identityRule('clip(x, −∞, ∞) → x', op('Clip', x), ({ root }) => {
    const bounds = clipBounds(root);
    return bounds?.low === -Infinity && bounds.high === Infinity;
  }),
  identityRule('−−x → x', op('Neg', shared(op('Neg', x)))),
  identityRule('not not x → x', op('Not', shared(op('Not', x)))),
  identityRule('cast(x) to its own dtype → x', op('Cast', x)),
  identityRule('cast_like(x, of the same dtype) → x', op('CastLike', x)),
  {
    algebra: 'cast_like(number, x) → the number as a float of the dtype of x',
    pattern: op('CastLike', c, x),
    build: (match, rewriter) => {
      const dtype = match.value('x').type?.dtype;
      const number = scalarValue(match.value('c'));
      if (dtype === undefined || !isFloat(dtype) || number === undefined) return undefined;
      const { dims, dtype: from } = match.tensor('c');
      if (isInteger(from) && !Number.isSafeInteger(number)) return undefined;
      return rewriter.constant({ ...scalarTensor(dtype, number), dims }, match.value('c').name);
    },
  },
  {
    algebra: 'cast_b(cast_a(x)) → cast_b(x), where a holds every x',
    pattern: op('Cast', shared(cast('inner'))),
    guard: (match) => isLossless(match),
    build: (match, rewriter) =>
      rewriter.op('Cast', [match.value('x')], { to: requiredAttribute(match.root, 'to', 'int') }),
  },
  identityRule(
    'min, max, sum or mean of x alone → x',
    op(['Min', 'Max', 'Sum', 'Mean'], x),
    (match) => match.root.inputs.length === 1,
  ),
  {
    algebra: 'f(f(x)) → f(x), for idempotent f',
    pattern: op(idempotent, shared(node('inner', idempotent))),
    guard: (match) => isSameOperation(match),
    build: (match) => match.node('inner').outputs,
  },
];

function valueOfC(match: Match): number | undefined {
  return uniformValue(match.value('c'));
}

/** Integers have one zero, which is as good. */
function isNegativeZero(match: Match): boolean {
  const dtype = match.value('c').type?.dtype;
  const value = valueOfC(match);
  return dtype && isInteger(dtype) ? value === 0 : Object.is(value, -0);
}

function isPositiveZero(match: Match): boolean {
  return Object.is(valueOfC(match), 0);
}

function isSameOperation(match: Match): boolean {
  const { root } = match;
  const inner = match.node('inner');
  const sameOperands = root.inputs.every(
    (input, i) => i === 0 || sameConstant(input, inner.inputs[i]),
  );
  return root.op === inner.op && sameOperands && Object.keys(root.attributes).length === 0;
}

function sameConstant(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  const value = uniformValue(a);
  return value !== undefined && Object.is(value, uniformValue(b));
}

/**
 * Whether the dtype in the middle holds every value of the first. A float between two integers must
 * not matter to the last of them either: out of range, a float saturates and an integer wraps.
 */
function isLossless(match: Match): boolean {
  const from = match.value('x').type?.dtype;
  const middle = match.node('inner').outputs[0]?.type?.dtype;
  const to = match.root.outputs[0]?.type?.dtype;
  if (!from || !middle || !to || !holdsAll(from, middle)) return false;
  const changesKind = isInteger(from) && isFloat(middle) && isInteger(to);
  return !changesKind || from === to || holdsAll(from, to);
}

function holdsAll(from: DType, wider: DType): boolean {
  return widerThan[from]?.includes(wider) === true;
}

const widerThan: { readonly [K in DType]?: readonly DType[] } = {
  float16: ['float32', 'float64'],
  bfloat16: ['float32', 'float64'],
  float32: ['float64'],
  int8: ['int16', 'int32', 'int64', 'float32', 'float64'],
  int16: ['int32', 'int64', 'float32', 'float64'],
  int32: ['int64', 'float64'],
  uint8: ['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'],
  uint16: ['int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'],
  uint32: ['int64', 'uint64', 'float64'],
};

function opsWith(holds: (traits: Traits) => boolean): readonly string[] {
  return knownOps()
    .filter((record) => holds(record.traits))
    .map((record) => record.name);
}
