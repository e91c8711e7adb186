/** Shaders as text, and what they compute where it depends on threads and on where elements lie. */

import { newTypedArray, type TypedArray } from '@whittle/ir';
import { type Kernel, parseKernel, verifyKernel } from '@whittle/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destroyDevices, hasAdapter, openDevice } from './gpu.js';
import { interpreted, type Memory, runOnDevice, shaderOf } from './run-shader.js';

let device: GPUDevice;

beforeAll(async () => {
  if (hasAdapter) device = await openDevice();
});
afterAll(destroyDevices);

/** A memory for each parameter, of small numbers that differ. */
function memoriesOf(kernel: Kernel, length: number, offset = 0): Memory[] {
  return kernel.params.map(({ dtype }, param) => {
    const data = newTypedArray(dtype, length);
    for (let i = 0; i < length; i++) set(data, i, ((i * 37 + param * 11) % 64) - 16);
    return { data, offset };
  });
}

function set(data: TypedArray, i: number, value: number): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(value);
  else data[i] = value;
}

async function expectSame(kernel: Kernel, memories: readonly Memory[]): Promise<void> {
  verifyKernel(kernel);
  const { code } = shaderOf(kernel, memories);
  expect(await runOnDevice(device, kernel, memories), code).toEqual(interpreted(kernel, memories));
}

const golden = (name: string, code: string): Promise<void> =>
  expect(code).toMatchFileSnapshot(`goldens/${name}.wgsl`);

/** Four pixels by four channels for each thread, as a schedule writes a pointwise convolution. */
const pointwise = parseKernel(`
kernel pointwise(x: f32 read arena, w: f32 read constants, y: f32 write arena) {
  for p in 0..16 step 2 grid {
    for c in 0..24 step 4 grid {
      let from = p * 8;
      let to = p * 24 + c;
      for v in 0..4 lanes 4 {
        local a: f32 = 0.0;
        local b: f32 = 0.0;
        for k in 0..8 {
          let weight = w[k * 24 + c + v];
          a = a + x[from + k] * weight;
          b = b + x[from + k + 8] * weight;
        }
        y[to + v] = min(max(a, 0.0), 6.0);
        y[to + v + 24] = min(max(b, 0.0), 6.0);
      }
    }
  }
}`);

/** Vectors that begin anywhere, lanes apart, and elements of a vector. */
const shifted = parseKernel(`
kernel shifted(x: f32 read arena, w: f32 read arena, y: f32 write arena, z: f32 write arena) {
  for r in 0..5 grid {
    let row = r * 16;
    local sum: f32 = 0.0;
    for v in 0..8 lanes 4 {
      y[row + v + 1] = x[row + v + 3] + w[row + v * 2] * w[r];
    }
    for u in 4..12 lanes 4 {
      z[row + u] = w[row + u - 4] + w[row + 6] + x[row - u + 20];
      sum = sum + x[row + u];
    }
    y[r * 16] = sum;
  }
}`);

const nests = parseKernel(`
kernel nests(x: f32 read arena, y: f32 write arena) {
  for a in 0..7 grid {
    for b in -3..9 step 4 grid { y[a * 3 + (b + 3) floordiv 4] = x[a + b + 4]; }
  }
  for c in 0..65 grid { y[c + 30] = x[c] * 2.0; }
  for d in 0..4 grid { for e in 0..0 grid { y[d + e] = 9.0; } }
  for f in 0..1 grid { for g in 2..6 grid { y[f + g + 100] = x[g floordiv 3] - 1.0; } }
}`);

describe('shaders', () => {
  it('are spelled', async () => {
    const offsets = [{ offset: 8 }, { offset: 64 }, { offset: 0 }].map((at) => ({
      ...at,
      data: new Float32Array(),
    }));
    await golden('pointwise', shaderOf(pointwise, offsets).code);
    await golden('shifted', shaderOf(shifted).code);
    await golden('nests', shaderOf(nests).code);
  });
});

describe.runIf(hasAdapter)('on a device', () => {
  it('no name is a word of WGSL', async () => {
    const name = (text: string) => `$${JSON.stringify(text)}`;
    const [a, b, c, d, e] = ['main', '__fn*/ }', 's0', 'at_least', 'var'].map(name);
    const kernel = parseKernel(`
kernel ${name('fn x() {}')}(${a}: f32 read arena, ${b}: f32 write arena) {
  for ${c} in 0..8 {
    let ${d} = max(${a}[${c}], 1.5);
    local ${e}: f32 = ${d};
    ${b}[${c}] = ${e};
  }
}`);
    await expectSame(kernel, memoriesOf(kernel, 16));
  });

  it('a grid may have no turns', async () => {
    const kernel = parseKernel(`
kernel none(y: f32 write arena) {
  for i in 0..0 grid { y[i] = 1.0; }
}`);
    expect(shaderOf(kernel).workgroups).toEqual([0, 1, 1]);
    await expectSame(kernel, memoriesOf(kernel, 16));
  });

  it.each([0, 4, 3, 33])(
    'vectors lie where they lie, %d elements from the start',
    async (offset) => {
      for (const kernel of [pointwise, shifted]) {
        await expectSame(kernel, memoriesOf(kernel, 512, offset));
      }
    },
  );

  it('nests of a grid have threads of their own', async () => {
    expect(shaderOf(nests).workgroups).toEqual([4, 1, 1]);
    await expectSame(nests, memoriesOf(nests, 128));
  });

  it('one thread runs what has no grid', async () => {
    const kernel = parseKernel(`
kernel alone(x: f32 read arena, n: i32 read arena, y: f32 write arena) {
  local sum: f32 = 0.0;
  local end: index = 3;
  for i in 0..12 step 2 {
    for j in i..end { sum = sum + x[j]; end = end + 1; if end > 9 { end = 4; } else { sum = sum + 1.0; } }
    y[i + 1] = sum;
  }
  y[0] = f32(n[2]) + sum;
}`);
    expect(shaderOf(kernel).workgroups).toEqual([1, 1, 1]);
    await expectSame(kernel, memoriesOf(kernel, 64));
  });

  it('there may be more than 65,535 workgroups', async () => {
    const turns = 65_537 + 4;
    const kernel = parseKernel(`
kernel many(x: f32 read arena, y: f32 write arena) {
  for i in 0..${turns} grid { y[i] = x[i] + 1.0; }
}`);
    const memories = memoriesOf(kernel, turns);
    const { workgroups } = shaderOf(kernel, memories, 1);
    expect(workgroups).toEqual([32_771, 2, 1]);
    expect(await runOnDevice(device, kernel, memories, 1)).toEqual(interpreted(kernel, memories));
  });

  it('indices may be negative before the offset of their parameter', async () => {
    const kernel = parseKernel(`
kernel back(x: f32 read arena, y: f32 write arena) {
  for i in 0..20 grid {
    y[i] = x[i - 9] + x[(i - 7) floordiv 3] + x[(i - 7) floormod 3 - 2] + x[(i - 7) floordiv 4] +
      x[(i - 7) floormod 4] + x[(i - 7) / 3] + x[(i - 7) % 4] + x[max(i - 4, -2)];
  }
}`);
    await expectSame(kernel, memoriesOf(kernel, 64, 16));
  });

  it('lanes may be gathered by any op', async () => {
    const kernel = parseKernel(`
kernel gather(x: f32 read arena, n: i32 read arena, y: f32 write arena, z: i32 write arena) {
  local a: f32 = 1.0;
  local b: f32 = 9.0;
  local c: i32 = -99i32;
  local d: i32 = 1i32;
  for v in 0..12 lanes 4 {
    a = a + x[v];
    b = min(x[v + 1], b);
    c = max(c, n[v] * 3i32);
    d = d * n[v + 2];
  }
  y[0] = a;
  y[1] = b;
  z[0] = c;
  z[1] = d;
}`);
    await expectSame(kernel, memoriesOf(kernel, 64));
  });
});
