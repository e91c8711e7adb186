/**
 * How each op is spelled on four lanes, by the family of its operands. A word is an instruction on
 * their lanes, where `?` stands for `s` or `u`. Bools are masks: all bits of a lane, or none.
 */

import type { BinaryOp, ScalarType, UnaryOp } from '@whittle/kernel';
import { i32Const } from './assembler/constants.js';
import type { Expr } from './assembler/expr.js';
import { call, localGet, op } from './assembler/expressions.js';
import { localSet } from './assembler/statements.js';
import type { KernelScope } from './kernel-scope.js';
import { opByName } from './op-by-name.js';
import { type Family, representationOf } from './value-types.js';
import { splatConst } from './vector-constants.js';
import { vectorRecipes } from './vector-math/vector-helpers.js';
import { type VectorRecipe, VectorSteps } from './vector-math/vector-steps.js';

export type Vector = Expr<'v128'>;

type Recipe = (operands: readonly [Vector, ...Vector[]], scope: KernelScope) => Vector;
type Spelling = string | Recipe;

const binarySpellings: Readonly<Record<Family, Partial<Record<BinaryOp, Spelling>>>> = {
  float: {
    ...{ eq: 'f32x4.eq', ne: 'f32x4.ne', lt: 'f32x4.lt', le: 'f32x4.le', gt: 'f32x4.gt' },
    ...{ ge: 'f32x4.ge', add: 'f32x4.add', sub: 'f32x4.sub', mul: 'f32x4.mul', div: 'f32x4.div' },
    ...{ min: 'f32x4.min', max: 'f32x4.max' },
  },
  integer: {
    ...{ eq: 'i32x4.eq', ne: 'i32x4.ne', lt: 'i32x4.lt_?', le: 'i32x4.le_?', gt: 'i32x4.gt_?' },
    ...{ ge: 'i32x4.ge_?', add: 'i32x4.add', sub: 'i32x4.sub', mul: 'i32x4.mul' },
    ...{ min: 'i32x4.min_?', max: 'i32x4.max_?' },
    ...{ bitand: 'v128.and', bitor: 'v128.or', bitxor: 'v128.xor' },
    dot16: 'i32x4.dot_i16x8_s',
  },
  bool: {
    ...{ and: 'v128.and', or: 'v128.or', xor: 'v128.xor', ne: 'v128.xor' },
    eq: ([a, b = a]) => op('v128.not', op('v128.xor', a, b)),
  },
};

/** Keeps zeros of either sign, and NaN. */
const signOfFloats: Recipe = ([x], scope) => {
  const { first, again } = scope.share(x);
  const signs = op('v128.and', first, splatConst('int32', -0x80000000));
  const ones = op('v128.or', signs, splatConst('float32', 1));
  const isNonzero = op('f32x4.gt', op('f32x4.abs', again), splatConst('float32', 0));
  return op('v128.bitselect', ones, again, isNonzero);
};

const isNan: Recipe = ([x], scope) => {
  const { first, again } = scope.share(x);
  return op('f32x4.ne', first, again);
};

const unarySpellings: Readonly<Record<Family, Partial<Record<UnaryOp, Spelling>>>> = {
  float: {
    ...{ neg: 'f32x4.neg', abs: 'f32x4.abs', sqrt: 'f32x4.sqrt', round: 'f32x4.nearest' },
    ...{ floor: 'f32x4.floor', ceil: 'f32x4.ceil', trunc: 'f32x4.trunc' },
    sign: signOfFloats,
    isnan: isNan,
  },
  integer: { neg: 'i32x4.neg', abs: 'i32x4.abs', bitnot: 'v128.not' },
  bool: { not: 'v128.not' },
};

export function spellVectorUnary(
  name: UnaryOp,
  dtype: ScalarType,
  x: Vector,
  scope: KernelScope,
): Vector {
  if (name === 'abs' && dtype === 'uint32') return x;
  return spellOp(unarySpellings, name, dtype, [x], scope);
}

/** `dtype` is that of the operands; `bound` is the second of them, where it is a number and known. */
export function spellVectorBinary(
  name: BinaryOp,
  dtype: ScalarType,
  operands: readonly [Vector, Vector],
  scope: KernelScope,
  bound: number | undefined,
): Vector {
  if (name === 'shl' && bound !== undefined) {
    return op('i32x4.shl', operands[0], i32Const(bound));
  }
  if (bound !== undefined && dtype === 'float32') {
    // These are one instruction, and give the first operand where that is NaN or equal to the second.
    if (name === 'min') return op('f32x4.pmin', ...operands);
    if (name === 'max') {
      const larger = op('f32x4.pmax', ...operands);
      // Adding 0 makes 0 of -0, which is less.
      return Object.is(bound, 0) ? op('f32x4.add', larger, operands[1]) : larger;
    }
  }
  return spellOp(binarySpellings, name, dtype, operands, scope);
}

function spellOp<Name extends UnaryOp | BinaryOp>(
  spellings: Readonly<Record<Family, Partial<Record<Name, Spelling>>>>,
  name: Name,
  dtype: ScalarType,
  operands: readonly [Vector, ...Vector[]],
  scope: KernelScope,
): Vector {
  const { family, sign } = representationOf(dtype);
  const spelling = spellings[family][name];
  if (typeof spelling === 'string') {
    return opByName(spelling.replace('?', sign), ...operands) as Vector;
  }
  if (spelling !== undefined) return spelling(operands, scope);
  if (family !== 'float') return scope.fail(`no ${name} of ${dtype} in lanes`);
  return spellFunction(name, operands, scope);
}

/** What SIMD has no instruction for: a recipe where there is one, else a function that is called. */
export function spellFunction(
  name: string,
  operands: readonly [Vector, ...Vector[]],
  scope: KernelScope,
): Vector {
  const recipe = vectorRecipes.get(name);
  if (recipe !== undefined) return inlineRecipe(name, recipe, operands[0], scope);
  return call('v128', scope.functions.vectorHelper(name), ...operands);
}

/** Its steps come before the statement that is being spelled, which takes the result from a local. */
function inlineRecipe(name: string, recipe: VectorRecipe, x: Vector, scope: KernelScope): Vector {
  const steps = new VectorSteps((step) => scope.sharedVector(`${name} ${step}`));
  const result = recipe(steps.keep('x', x), steps);
  scope.pending.push(...steps.statements);
  const kept = scope.temporary('v128', name);
  scope.pending.push(localSet(kept, result));
  return localGet(kept);
}
