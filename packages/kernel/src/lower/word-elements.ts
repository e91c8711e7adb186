/**
 * A kernel over memory of words, for targets that have a grid. Elements of the arena and of what is prepared
 * take a word each, converted where they are loaded and stored; constants stay packed as the weights file
 * has them. Integers of 64 bits are computed in 32, and wrap there.
 *
 * Between a load and a store narrow types stay what they are, so that the targets wrap and round as for any
 * other kernel.
 */

import { binary, cast, literal, load } from '../expr.js';
import { halfFormats } from '../interpret/memory.js';
import type { Expr, Kernel, Literal, Load, Param, ScalarType, Stmt, Store } from '../loop-ir.js';
import { requireWordType } from '../memory/word-type.js';
import type { Grid } from '../schedule/capabilities.js';
import { mapOperands, mapStmt } from '../traverse.js';
import type { ElementType } from './rule.js';

/**
 * To be applied to a kernel as lowering wrote it, before any pass. With `halves` memory is not what it will
 * be before `inHalves`: until then it holds floats, and `float16` is not rounded when it is stored.
 * @throws {CompilerError} `E_UNSUPPORTED_FEATURE` of a kernel over memory of float64.
 */
export function inWords(kernel: Kernel, { halves = false }: Pick<Grid, 'halves'> = {}): Kernel {
  const words = new WordElements(kernel, halves);
  return { ...kernel, params: kernel.params.map(words.param), body: words.block(kernel.body) };
}

class WordElements {
  readonly #kernel: string;
  readonly #halves: boolean;
  /** As they were. */
  readonly #params: ReadonlyMap<string, Param>;

  constructor({ name, params }: Kernel, halves: boolean) {
    this.#kernel = name;
    this.#halves = halves;
    this.#params = new Map(params.map((param) => [param.name, param]));
  }

  readonly param = (param: Param): Param => {
    const dtype = this.#wordOf(param.dtype);
    return this.#isPacked(param) ? param : { ...param, dtype };
  };

  readonly block = (stmts: readonly Stmt[]): readonly Stmt[] => stmts.map(this.#stmt);

  readonly #stmt = (stmt: Stmt): Stmt => {
    if (stmt.kind === 'store') return this.#store(stmt);
    const mapped = mapStmt(stmt, this.#expr, this.block);
    return mapped.kind === 'local' ? { ...mapped, dtype: this.#computedIn(mapped.dtype) } : mapped;
  };

  #store({ param, index, value }: Store): Store {
    const dtype = this.#params.get(param)?.dtype;
    const isHalf = dtype === 'bfloat16' || (dtype === 'float16' && !this.#halves);
    const mapped = this.#expr(value);
    const word = dtype === undefined ? mapped : cast(mapped, this.#wordOf(dtype));
    const isRounded = !isHalf || this.#isOf(value, dtype);
    const stored = isRounded ? word : rounded(word, dtype);
    return { kind: 'store', param, index: this.#expr(index), value: stored };
  }

  readonly #expr = (expr: Expr): Expr => {
    const mapped = mapOperands(expr, this.#expr);
    switch (mapped.kind) {
      case 'literal':
        return this.#literal(mapped);
      case 'load':
        return this.#load(mapped);
      case 'cast': {
        const dtype = this.#computedIn(mapped.dtype);
        // What was no conversion before rounds, and stays.
        return dtype === mapped.dtype ? mapped : cast(mapped.x, dtype);
      }
      default:
        return { ...mapped, dtype: this.#computedIn(mapped.dtype) };
    }
  };

  /** Beyond 32 bits stand the ends of a range ("to the last"), which the ends of 32 bits mean as well. */
  #literal(expr: Literal): Literal {
    const dtype = this.#computedIn(expr.dtype);
    if (dtype === expr.dtype) return expr;
    if (dtype === 'float32') return literal(dtype, Math.fround(Number(expr.value)));
    const [low, high] = dtype === 'int32' ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
    return literal(dtype, Math.min(Math.max(Number(expr.value), low), high));
  }

  /** The index is mapped already. */
  #load(expr: Load): Expr {
    const param = this.#params.get(expr.param);
    if (param === undefined) return expr;
    const dtype = this.#computedIn(expr.dtype);
    if (this.#isPacked(param)) return cast(expr, dtype);
    const word = load(param.name, this.#wordOf(param.dtype), expr.index);
    return dtype === 'bool' ? binary('ne', word, literal(word.dtype, 0)) : cast(word, dtype);
  }

  /** Whether a value as lowering wrote it is a number that a 16-bit float holds. */
  #isOf(value: Expr, dtype: ElementType): boolean {
    if (value.dtype === dtype) return true;
    if (value.kind === 'cast') return value.x.dtype === dtype;
    return value.kind === 'load' && this.#params.get(value.param)?.dtype === dtype;
  }

  /** Whether a parameter's elements lie as in the weights file, and no target reads them side by side. */
  #isPacked({ space, dtype }: Param): boolean {
    return space === 'constants' && !(this.#halves && dtype === 'float16');
  }

  #computedIn(dtype: ScalarType): ScalarType {
    if (dtype === 'index') return dtype;
    // No parameter is of float64, so that it is a step in between, from a narrower type to a narrower one.
    if (dtype === 'float64') return 'float32';
    const word = this.#wordOf(dtype);
    return dtype === 'int64' || dtype === 'uint64' ? word : dtype;
  }

  #wordOf(dtype: ElementType): ElementType {
    return requireWordType(dtype, `What the kernel "${this.#kernel}" computes`);
  }
}

/** A `float32` rounded to what a 16-bit float holds. */
function rounded(value: Expr, dtype: 'float16' | 'bfloat16'): Expr {
  return value.kind === 'literal'
    ? roundedLiteral(value, dtype)
    : cast(cast(value, dtype), 'float32');
}

export function roundedLiteral({ value }: Literal, dtype: 'float16' | 'bfloat16'): Literal {
  const { decode, encode } = halfFormats[dtype];
  return literal('float32', decode(encode(Number(value))));
}
