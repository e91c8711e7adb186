/**
 * Hard-sigmoid, clip(alpha · x + beta, 0, 1), in the ways to write its line.
 *
 * Source: Keras, TensorFlow's models, torchvision and Paddle.
 */

import {
  any,
  constant,
  type DType,
  type NodePattern,
  op,
  type RewriteRule,
  scalar,
} from '@whittle/ir';
import { roundedTo, scalarValue } from '../shared/constants.js';
import { keepsFloats } from './activation-rule.js';

interface Line {
  readonly alpha: number;
  readonly beta: number;
}

const x = any('x');
const a = constant('a');
const b = constant('b');
/** clip(x + b, 0, a), which is a times the gate. */
const clamped = op('Clip', op('Add', x, b), scalar(0), a);

// biome-ignore format: a table
export const hardSigmoidRules: readonly RewriteRule[] = [
  clipped('x · a + b', op('Add', op('Mul', x, a), b), (a, b) => ({ alpha: a, beta: b })),
  clipped('x / a + b', op('Add', op('Div', x, a), b), (a, b) => ({ alpha: 1 / a, beta: b })),
  clipped('x · a − b', op('Sub', op('Mul', x, a), b), (a, b) => ({ alpha: a, beta: -b })),
  clipped('b − x · a', op('Sub', b, op('Mul', x, a)), (a, b) => ({ alpha: -a, beta: b })),
  clipped('(x + b) · a', op('Mul', op('Add', x, b), a), (a, b) => ({ alpha: a, beta: a * b })),
  clipped('(x + b) / a', op('Div', op('Add', x, b), a), (a, b) => ({ alpha: 1 / a, beta: b / a })),
  scaled('clip(x + b, 0, a) / a', op('Div', clamped, constant('c')), (a) => a),
  scaled('clip(x + b, 0, a) · (1/a)', op('Mul', clamped, constant('c')), (a) => 1 / a),
];

function clipped(
  line: string,
  pattern: NodePattern,
  lineOf: (a: number, b: number) => Line,
): RewriteRule {
  const algebra = `clip(${line}, 0, 1) → hard_sigmoid(x; alpha, beta)`;
  return hardSigmoid(algebra, op('Clip', pattern, scalar(0), scalar(1)), lineOf);
}

/** The factor or divisor `c` must be what brings the gate from a down to 1. */
function scaled(gate: string, pattern: NodePattern, wanted: (a: number) => number): RewriteRule {
  const algebra = `${gate} → hard_sigmoid(x; 1/a, b/a)`;
  const rule = hardSigmoid(algebra, pattern, (a, b) => ({ alpha: 1 / a, beta: b / a }));
  return {
    ...rule,
    guard: (match) => {
      const { type } = match.value('a');
      const [a, c] = [scalarValue(match.value('a')), scalarValue(match.value('c'))];
      if (type === undefined || a === undefined || a <= 0) return false;
      return c === roundedTo(type.dtype, wanted(a)) && keepsFloats(match);
    },
  };
}

function hardSigmoid(
  algebra: string,
  pattern: NodePattern,
  lineOf: (a: number, b: number) => Line,
): RewriteRule {
  return {
    algebra,
    pattern,
    guard: keepsFloats,
    build: (match, rewriter) => {
      const x = match.value('x');
      const [a, b] = [scalarValue(match.value('a')), scalarValue(match.value('b'))];
      const line = a === undefined || b === undefined ? undefined : lineOf(a, b);
      if (line === undefined || !isHeldByAttributes(line, x.type?.dtype)) return undefined;
      const attributes = { alpha: Math.fround(line.alpha), beta: Math.fround(line.beta) };
      return rewriter.op('HardSigmoid', [x], attributes);
    },
  };
}

/** Attributes are f32 in a model file, which is less than f64 computes with. */
function isHeldByAttributes({ alpha, beta }: Line, dtype: DType | undefined): boolean {
  if (!Number.isFinite(alpha) || !Number.isFinite(beta)) return false;
  return dtype !== 'float64' || (Math.fround(alpha) === alpha && Math.fround(beta) === beta);
}
