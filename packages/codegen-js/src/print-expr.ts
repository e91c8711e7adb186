/** Expressions of the loop IR as JavaScript. */

import {
  type Binary,
  type Cast,
  CompilerError,
  type Expr,
  type Literal,
  type Load,
  type Ranges,
  rangeOf,
} from '@whittle/kernel';
import { type Code, call, conditional, infix, precedence, primary } from './code.js';
import { binaryOperator, type UseHelper, unaryOperator, wrap, wrapped } from './operators.js';
import { type ElementType, familyOf } from './types.js';

/** What the text of an expression depends on. */
export interface PrintContext {
  readonly kernel: string;
  /** The identifier of a variable of the kernel. */
  nameOf(variable: string): string;
  /** The typed array that holds a parameter's elements, and their dtype. */
  heapOf(param: string): { readonly heap: string; readonly dtype: ElementType };
  readonly helper: UseHelper;
  /** What is known about indices, where it lets them be written shorter. */
  readonly ranges: Ranges;
}

export function printExpr(expr: Expr, context: PrintContext): Code {
  const print = (operand: Expr): Code => printExpr(operand, context);
  switch (expr.kind) {
    case 'literal':
      return printLiteral(expr);
    case 'variable':
      return primary(context.nameOf(expr.name));
    case 'load':
      return printLoad(expr, context);
    case 'unary': {
      const spell = unaryOperator(expr.op, expr.x.dtype) ?? undefinedOp(expr, context);
      return wrapped(spell(print(expr.x), context.helper), expr.dtype, expr.op);
    }
    case 'binary': {
      const short = printIndexDivision(expr, context) ?? printOffset(expr, context);
      if (short !== undefined) return short;
      const spell = binaryOperator(expr.op, expr.a.dtype) ?? undefinedOp(expr, context);
      return wrapped(spell(print(expr.a), print(expr.b), context.helper), expr.dtype, expr.op);
    }
    case 'select':
      return conditional(print(expr.condition), print(expr.then), print(expr.otherwise));
    case 'cast':
      return printCast(expr, print(expr.x), context.helper);
  }
}

function printLiteral({ dtype, value }: Literal): Code {
  if (dtype === 'bool') return primary(value ? 'true' : 'false');
  const text = Object.is(value, -0) ? '-0' : String(value);
  const suffixed = typeof value === 'bigint' ? `${text}n` : text;
  return suffixed.startsWith('-')
    ? { text: suffixed, precedence: precedence.unary }
    : primary(suffixed);
}

function printLoad({ param, index }: Load, context: PrintContext): Code {
  const { heap, dtype } = context.heapOf(param);
  const element = primary(`${heap}[${printExpr(index, context).text}]`);
  switch (dtype) {
    case 'float16':
      return call(context.helper('float16ToNumber'), element);
    case 'bfloat16':
      return call(context.helper('bfloat16ToNumber'), element);
    case 'bool':
      return infix(element, '!==', 'equality', primary('0'));
    default:
      return element;
  }
}

/** What a typed array of `dtype` is given for a value. */
export function printStored(code: Code, dtype: ElementType, helper: UseHelper): Code {
  switch (dtype) {
    case 'float16':
      return call(helper('numberToFloat16'), code);
    case 'bfloat16':
      return call(helper('numberToBfloat16'), code);
    case 'bool':
      return conditional(code, primary('1'), primary('0'));
    default:
      return code;
  }
}

/** An index less a constant, which sums hold as a negative one. */
function printOffset({ op, a, b }: Binary, context: PrintContext): Code | undefined {
  if (op !== 'add' || b.dtype !== 'index' || b.kind !== 'literal') return undefined;
  const offset = Number(b.value);
  if (offset >= 0) return undefined;
  return infix(printExpr(a, context), '-', 'additive', primary(String(-offset)));
}

/** Division of an index by a positive literal; of one that is never negative, in integers. */
function printIndexDivision(expr: Binary, context: PrintContext): Code | undefined {
  const { op, a, b } = expr;
  if (a.dtype !== 'index') return undefined;
  if (op !== 'floordiv' && op !== 'floormod' && op !== 'div' && op !== 'rem') return undefined;
  const [x, by] = [printExpr(a, context), printExpr(b, context)];
  const positive = rangeOf(b, context.ranges).min > 0;
  if (positive && rangeOf(a, context.ranges).min >= 0) {
    return op === 'floordiv' || op === 'div'
      ? toInt32(infix(x, '/', 'multiplicative', by))
      : infix(x, '%', 'multiplicative', by);
  }
  const spell = binaryOperator(op, 'index') ?? undefinedOp(expr, context);
  return toInt32(spell(x, by, context.helper));
}

/** Also turns -0 and, where a divisor was zero, infinities and NaN into 0. */
function toInt32(code: Code): Code {
  return wrap(code, 'int32');
}

function printCast({ dtype, x }: Cast, code: Code, helper: UseHelper): Code {
  const from = familyOf(x.dtype);
  switch (familyOf(dtype)) {
    case 'bool':
      if (from === 'bool') return code;
      return infix(code, '!==', 'equality', primary(from === 'bigint' ? '0n' : '0'));
    case 'float':
      return roundedTo(dtype, asNumber(code, from), helper);
    case 'bigint': {
      if (from === 'float') {
        return call(helper(dtype === 'uint64' ? 'floatToUint64' : 'floatToInt64'), code);
      }
      if (from === 'bigint') return wrap(code, dtype);
      const exact = call('BigInt', from === 'index' ? toInt32(code) : code);
      return dtype === 'uint64' && from !== 'bool' ? wrap(exact, dtype) : exact;
    }
    case 'integer':
    case 'index':
      return toInteger(dtype, code, from, helper);
  }
}

function toInteger(
  dtype: Cast['dtype'],
  code: Code,
  from: ReturnType<typeof familyOf>,
  helper: UseHelper,
): Code {
  if (from === 'float') {
    if (dtype === 'uint32') return call(helper('floatToUint32'), code);
    const whole = call(helper('floatToInt32'), code);
    return dtype === 'int32' ? whole : wrap(whole, dtype);
  }
  if (from === 'bigint') {
    const low = call('Number', call('BigInt.asIntN', primary('32'), code));
    return dtype === 'int32' ? low : wrap(low, dtype);
  }
  return from === 'bool' ? asNumber(code, from) : wrap(code, dtype);
}

function asNumber(code: Code, from: ReturnType<typeof familyOf>): Code {
  switch (from) {
    case 'bool':
      return conditional(code, primary('1'), primary('0'));
    case 'bigint':
      return call('Number', code);
    case 'index':
      return toInt32(code);
    default:
      return code;
  }
}

function roundedTo(dtype: Cast['dtype'], code: Code, helper: UseHelper): Code {
  switch (dtype) {
    case 'float16':
      return call(helper('float16ToNumber'), call(helper('numberToFloat16'), code));
    case 'bfloat16':
      return call(helper('bfloat16ToNumber'), call(helper('numberToBfloat16'), code));
    case 'float32':
      return call('Math.fround', code);
    default:
      return code;
  }
}

function undefinedOp(
  expr: { readonly op: string; readonly dtype: string },
  { kernel }: PrintContext,
): never {
  throw new CompilerError('E_INTERNAL', `Kernel "${kernel}": no ${expr.op} of ${expr.dtype}.`);
}
