/**
 * Every op over every scalar type, on values at the edges, against the interpreter.
 *
 * What is not exact has a tolerance in units in the last place (ulp) of the right result and an absolute
 * one. WGSL promises 2.5 ulp of a division, 3 + 2|x| of `exp`, 3 of `log` outside of [0.5, 2] and 2^-21
 * inside, and inherits from these in `exp2(y * log2(x))`: y · 2^-21 · ln 2 relative to the power is
 * 6y ulp, and the product's own rounding up to 64. The polynomials of the helpers err by 2 to 4 ulp on top of their
 * argument: that of `sin` is off by up to 2^-24 of a turn for each quarter turn that is taken away.
 */

import { newTypedArray } from '@whittle/ir';
import {
  type BinaryOp,
  binary,
  binaryOps,
  cast,
  type Expr,
  index,
  type Kernel,
  literal,
  load,
  type Param,
  type ScalarType,
  select,
  type UnaryOp,
  unary,
  unaryOps,
  variable,
  verifyKernel,
} from '@whittle/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destroyDevices, hasAdapter, openDevice } from './gpu.js';
import { interpreted, type Memory, runOnDevice, shaderOf } from './run-shader.js';

let device: GPUDevice;

beforeAll(async () => {
  if (hasAdapter) device = await openDevice();
});
afterAll(destroyDevices);

type ElementType = Param['dtype'];

const integers = [
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
] as const;

const floats = [
  ...[0, -0, 1, -1, 0.5, -0.5, 0.25, 1.5, 2.5, -2.5, 3.5, 0.1, -0.1, 1e-3, -1e-6, 1e-20, 2, -3, 7],
  ...[Math.PI, -Math.PI / 2, 10.1, -42, 88.5, 89.2, -100, 700.25, 1234.5, 65519.9, 65520, -70000],
  ...[8388609, 16777217, -2147483648, 2147483648, 4294967040, 4294967296, 1e10, -1e19, 1e30, -3e38],
  ...[
    Infinity,
    -Infinity,
    Number.NaN,
    0.9999,
    -0.7,
    6.1e-5,
    5.97e-8,
    2.98e-8,
    1.00390625,
    1.01171875,
  ],
].map(Math.fround);

function valuesOf(dtype: ElementType): (number | bigint)[] {
  if (dtype === 'bool') return [0, 1, 1, 0];
  if (dtype.includes('float')) return floats;
  const bits = Math.min(32, Number(/\d+/.exec(dtype)));
  const signed = dtype.startsWith('int');
  const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const near = [0, 1, 2, 3, 5, 7, 8, 31, 33, 63, 64, 100, high, high - 1];
  const all = signed ? [...near, -1, -2, -3, -7, -8, -100, low, low + 1] : near;
  return dtype.endsWith('64') ? all.map(BigInt) : all;
}

function memoryOf(dtype: ElementType, values: readonly (number | bigint)[]): Memory {
  const data = newTypedArray(dtype, values.length);
  values.forEach((value, i) => {
    data[i] = value;
  });
  return { data };
}

const i = variable('i', 'index');

/** Stores, for each element, what `of` makes of the loaded operands. */
function elementwise(
  inputs: readonly ElementType[],
  output: ElementType,
  length: number,
  of: (operands: readonly Expr[]) => Expr,
  lanes: boolean,
): Kernel {
  const reads = inputs.map(
    (dtype, at): Param => ({ name: `x${at}`, dtype, space: 'constants', access: 'read' }),
  );
  const value = of(reads.map(({ name, dtype }) => load(name, dtype, i)));
  const kernel: Kernel = {
    name: 'elementwise',
    params: [...reads, { name: 'y', dtype: output, space: 'arena', access: 'write' }],
    body: [
      {
        kind: 'for',
        name: 'i',
        start: index(0),
        end: index(length),
        step: 1,
        ...(lanes ? { lanes: 4 } : {}),
        grid: true,
        body: [{ kind: 'store', param: 'y', index: i, value }],
      },
    ],
  };
  verifyKernel(kernel);
  return kernel;
}

interface Tolerance {
  readonly ulp: number;
  readonly absolute?: number | undefined;
  /** For each 1 of the exponent. */
  readonly ulpOfExponent?: number;
}

const exact: Tolerance = { ulp: 0 };

const tolerances: Partial<Record<UnaryOp | BinaryOp, Tolerance>> = {
  div: { ulp: 3 },
  sqrt: { ulp: 3 },
  exp: { ulp: 203 },
  log: { ulp: 3, absolute: 2 ** -21 },
  sin: { ulp: 4, absolute: 1e-6 },
  cos: { ulp: 4, absolute: 1e-6 },
  tan: { ulp: 8, absolute: 1e-5 },
  asin: { ulp: 8 },
  acos: { ulp: 8, absolute: 2e-7 },
  atan: { ulp: 8 },
  sinh: { ulp: 210 },
  cosh: { ulp: 210 },
  tanh: { ulp: 8 },
  asinh: { ulp: 8, absolute: 2 ** -21 },
  acosh: { ulp: 8, absolute: 2 ** -21 },
  atanh: { ulp: 8, absolute: 2 ** -21 },
  erf: { ulp: 8 },
  pow: { ulp: 64, ulpOfExponent: 6 },
};

/** Why a result is off, or an empty string. Subnormal results may be flushed to 0. */
function difference(got: number, right: number, { ulp, absolute = 0 }: Tolerance): string {
  const least = 2 ** -126;
  if (Object.is(got, right) || got === right) return '';
  if (Math.abs(right) < least && Math.abs(got) <= least) return '';
  if (!Number.isFinite(right)) return `${got} for ${right}`;
  const size = Math.max(Math.abs(right), least);
  const unit = 2 ** (Math.floor(Math.log2(size)) - 23);
  return Math.abs(got - right) <= ulp * unit + absolute ? '' : `${got} for ${right}`;
}

async function expectOn(
  kernel: Kernel,
  memories: readonly Memory[],
  tolerance: Tolerance,
  skip: (operands: readonly (number | bigint)[]) => boolean = () => false,
): Promise<void> {
  const [right] = interpreted(kernel, memories);
  const [got] = await runOnDevice(device, kernel, memories);
  const faults: string[] = [];
  for (let at = 0; at < (right?.length ?? 0); at++) {
    const operands = memories.slice(0, -1).map(({ data }) => data[at] ?? 0);
    if (skip(operands)) continue;
    const { ulp, absolute, ulpOfExponent = 0 } = tolerance;
    const exponent = Math.abs(Number(operands[1] ?? 0));
    const off = difference(Number(got?.[at]), Number(right?.[at]), {
      ulp: ulpOfExponent === 0 ? ulp : ulp + ulpOfExponent * exponent,
      absolute,
    });
    if (off !== '') faults.push(`(${operands.join(', ')}): ${off}`);
  }
  expect(faults, shaderOf(kernel, memories).code).toEqual([]);
}

/** As many values again as make the last vector whole. */
function whole(values: (number | bigint)[]): (number | bigint)[] {
  while (values.length % 4 !== 0) values.push(values[0] ?? 0);
  return values;
}

function pairsOf(dtype: ElementType): [(number | bigint)[], (number | bigint)[]] {
  const values = valuesOf(dtype);
  const [a, b]: [(number | bigint)[], (number | bigint)[]] = [[], []];
  for (const x of values) {
    for (const y of values) {
      a.push(x);
      b.push(y);
    }
  }
  return [whole(a), whole(b)];
}

const unaryOfFloat = unaryOps.filter((op) => op !== 'not' && op !== 'bitnot');
const unaryOfInteger = ['neg', 'abs', 'sign', 'bitnot'] as const;
const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
const logic = ['and', 'or', 'xor', 'eq', 'ne'] as const;
const bitOps = ['bitand', 'bitor', 'bitxor', 'shl', 'shr', 'dot16', 'floordiv', 'floormod'];
const binaryOfFloat = binaryOps.filter(
  (op) => !bitOps.includes(op) && !['and', 'or', 'xor'].includes(op),
);
const binaryOfInteger = binaryOps.filter((op) => !['and', 'or', 'xor', 'dot16'].includes(op));
const inLanes = {
  float32: [...unaryOfFloat, ...binaryOfFloat],
  int32: [
    ...(['neg', 'abs', 'bitnot', 'add', 'sub', 'mul', 'min', 'max'] as const),
    ...([...comparisons, 'bitand', 'bitor', 'bitxor'] as const),
  ],
};

const resultOf = (op: UnaryOp | BinaryOp, dtype: ElementType): ScalarType =>
  op === 'isnan' || (comparisons as readonly string[]).includes(op) ? 'bool' : dtype;

/** What is stored: a bool as a number where lanes are to hold it. */
function stored(
  value: Expr,
  dtype: ScalarType,
  lanes: boolean,
): { value: Expr; dtype: ElementType } {
  if (dtype === 'bool' && lanes) return { value: cast(value, 'int32'), dtype: 'int32' };
  return { value, dtype: dtype as ElementType };
}

async function expectUnary(op: UnaryOp, dtype: ElementType, lanes = false): Promise<void> {
  const values = whole([...valuesOf(dtype)]);
  const kind = stored(literal('bool', 0), resultOf(op, dtype), lanes).dtype;
  const kernel = elementwise(
    [dtype],
    kind,
    values.length,
    ([x = index(0)]) => stored(unary(op, x), resultOf(op, dtype), lanes).value,
    lanes,
  );
  const memories = [
    memoryOf(dtype, values),
    memoryOf(
      kind,
      values.map(() => (kind.endsWith('64') ? 0n : 0)),
    ),
  ];
  // Of angles of many turns little is left in float32.
  const turns = ['sin', 'cos', 'tan'].includes(op);
  await expectOn(kernel, memories, tolerances[op] ?? exact, ([x = 0]) =>
    turns && Number.isFinite(x) ? Math.abs(Number(x)) > 1e5 : false,
  );
}

async function expectBinary(
  op: BinaryOp,
  dtype: ElementType,
  { lanes = false, other }: { lanes?: boolean; other?: number } = {},
): Promise<void> {
  const [a, b] = pairsOf(dtype);
  const kind = stored(literal('bool', 0), resultOf(op, dtype), lanes).dtype;
  const kernel = elementwise(
    other === undefined ? [dtype, dtype] : [dtype],
    kind,
    a.length,
    ([x = index(0), y = literal(dtype, other ?? 0)]) =>
      stored(binary(op, x, y), resultOf(op, dtype), lanes).value,
    lanes,
  );
  const zeros = memoryOf(
    kind,
    a.map(() => (kind.endsWith('64') ? 0n : 0)),
  );
  const given =
    other === undefined ? [memoryOf(dtype, a), memoryOf(dtype, b)] : [memoryOf(dtype, a)];
  const isFloat = dtype.includes('float');
  const tolerance = isFloat ? (tolerances[op] ?? exact) : exact;
  // Where 64 bits make another result than 32, the result is that of 32.
  const overflows = dtype.endsWith('64');
  await expectOn(kernel, [...given, zeros], tolerance, (operands) => {
    if (!overflows) return false;
    const [x = 0, y = other ?? 0] = operands;
    return !fitsIn32(op, BigInt(x), BigInt(y), dtype);
  });
}

/** Whether an op of 64-bit integers meets no number beyond 32 bits. */
function fitsIn32(op: BinaryOp, x: bigint, y: bigint, dtype: ElementType): boolean {
  const by = Number(BigInt.asUintN(6, y));
  const results: Partial<Record<BinaryOp, bigint>> = {
    add: x + y,
    sub: x - y,
    mul: x * y,
    div: y === 0n ? 0n : x / y,
    shl: x << BigInt(by),
    floordiv: y === 0n ? 0n : x / y,
  };
  if (op === 'pow' && (y > 31n || y < 0n)) return false;
  const result = op === 'pow' ? x ** y : (results[op] ?? 0n);
  return dtype === 'int64'
    ? BigInt.asIntN(32, result) === result
    : BigInt.asUintN(32, result) === result;
}

describe.runIf(hasAdapter)('unary ops', () => {
  it.each(unaryOfFloat)('%s of float32, of one and in lanes', async (op) => {
    await expectUnary(op, 'float32');
    await expectUnary(op, 'float32', true);
  });

  it.each(unaryOfInteger)('%s of integers', async (op) => {
    for (const dtype of integers) {
      if (dtype !== 'uint64' && dtype !== 'int64') await expectUnary(op, dtype);
      else if (op === 'sign') await expectUnary(op, dtype);
    }
    if (inLanes.int32.some((name) => name === op)) await expectUnary(op, 'int32', true);
  });

  it('not', async () => {
    await expectUnary('not', 'bool');
  });
});

describe.runIf(hasAdapter)('binary ops', () => {
  it.each(binaryOfFloat)('%s of float32, of two and in lanes', async (op) => {
    await expectBinary(op, 'float32');
    await expectBinary(op, 'float32', { lanes: true });
    for (const other of [0.5, -3, Infinity, Number.NaN]) {
      // Adapters divide by a constant by multiplying with the inverse, as they may.
      if (op === 'div' && !Number.isFinite(other)) continue;
      await expectBinary(op, 'float32', { other });
      await expectBinary(op, 'float32', { other, lanes: true });
    }
  });

  it.each(binaryOfInteger)('%s of integers', async (op) => {
    for (const dtype of integers) {
      await expectBinary(op, dtype);
      for (const other of [0, 3, 8]) await expectBinary(op, dtype, { other });
    }
    if (inLanes.int32.some((name) => name === op)) {
      await expectBinary(op, 'int32', { lanes: true });
      await expectBinary(op, 'uint32', { lanes: true });
      await expectBinary(op, 'int32', { lanes: true, other: -2 });
    }
  });

  it('dot16 of int32, of two and in lanes', async () => {
    for (const lanes of [false, true]) {
      await expectBinary('dot16', 'int32', { lanes });
      await expectBinary('dot16', 'int32', { lanes, other: -65538 });
    }
  });

  it.each(logic)('%s of bools', async (op) => {
    await expectBinary(op, 'bool');
  });
});

const castable: readonly ElementType[] = [...integers, 'float32', 'bool'];

describe.runIf(hasAdapter)('casts', () => {
  it.each(castable)('from %s', async (from) => {
    for (const to of [...castable, 'float16', 'bfloat16'] as const) {
      const values = whole([...valuesOf(from)]);
      const output = to === 'float16' || to === 'bfloat16' ? 'float32' : to;
      const kernel = elementwise(
        [from],
        output,
        values.length,
        ([x = index(0)]) => {
          const value: Expr = { kind: 'cast', dtype: to, x };
          return output === to ? value : { kind: 'cast', dtype: output, x: value };
        },
        false,
      );
      const wide = output.endsWith('64');
      const zeros = memoryOf(
        output,
        values.map(() => (wide ? 0n : 0)),
      );
      // Integers of 64 bits have 32, and are clamped to these.
      await expectOn(kernel, [memoryOf(from, values), zeros], exact, ([x = 0]) => {
        if (!wide) return false;
        return to === 'int64'
          ? Math.abs(Number(x)) >= 2 ** 31
          : Number(x) < 0 || Number(x) >= 2 ** 32;
      });
    }
  });

  it('in lanes, with bools and selections', async () => {
    const values = whole([...floats]);
    const kernel = elementwise(
      ['float32', 'int32'],
      'float32',
      values.length,
      ([x = index(0), n = index(0)]) => {
        const isLess = binary('lt', x, cast(n, 'float32'));
        const both = binary('and', isLess, unary('not', cast(n, 'bool')));
        const either = binary('or', both, binary('xor', unary('isnan', x), isLess));
        const whole32 = cast(cast(x, 'int32'), 'float32');
        const clamped = cast(cast(x, 'uint32'), 'float32');
        return select(either, whole32, binary('add', clamped, cast(isLess, 'float32')));
      },
      true,
    );
    const numbers = values.map((_, at) => (at % 7) - 3);
    const zeros = memoryOf(
      'float32',
      values.map(() => 0),
    );
    await expectOn(kernel, [memoryOf('float32', values), memoryOf('int32', numbers), zeros], {
      ulp: 1,
    });
  });
});

describe.runIf(hasAdapter)('constants', () => {
  it('16-bit floats are read as they are packed', async () => {
    for (const dtype of ['float16', 'bfloat16'] as const) {
      const bits = [
        0, 1, 0x3ff, 0x400, 0x3c00, 0x8000, 0x8001, 0xbc01, 0x7bff, 0x7c00, 0xfc00, 0x7e00,
      ];
      const kernel = elementwise([dtype], 'float32', 12, ([x = index(0)]) => x, false);
      const zeros = memoryOf(
        'float32',
        bits.map(() => 0),
      );
      await expectOn(kernel, [memoryOf(dtype, bits), zeros], exact);
    }
  });

  it('are no reason to refuse a shader, whatever they come to', async () => {
    const float = (value: number): Expr => literal('float32', value);
    const values: Expr[] = [
      binary('div', float(1), float(0)),
      binary('mul', float(3e38), float(3e38)),
      unary('sqrt', float(-1)),
      unary('neg', float(-Infinity)),
      unary('abs', float(-0)),
      float(Number.NaN),
      float(1e-40),
      float(3.4028234663852886e38),
      cast(binary('mul', literal('int32', -(2 ** 31)), literal('int32', -1)), 'float32'),
      cast(binary('div', literal('int32', 5), literal('int32', 0)), 'float32'),
      cast(binary('add', literal('uint32', 2 ** 32 - 1), literal('uint32', 2)), 'float32'),
      cast(binary('shl', literal('int32', 1), literal('int32', 33)), 'float32'),
      cast(cast(literal('int32', -3), 'uint8'), 'float32'),
      cast(unary('neg', literal('uint32', 1)), 'float32'),
      cast(cast(index(-7), 'uint32'), 'float32'),
      cast(binary('and', literal('bool', 1), literal('bool', 0)), 'float32'),
    ];
    const kernel: Kernel = {
      name: 'constants',
      params: [{ name: 'y', dtype: 'float32', space: 'arena', access: 'write' }],
      body: values.map((value, at) => ({ kind: 'store', param: 'y', index: index(at), value })),
    };
    verifyKernel(kernel);
    await expectOn(
      kernel,
      [
        memoryOf(
          'float32',
          values.map(() => 1),
        ),
      ],
      exact,
    );
  });
});
