import { erf } from '@whittle/kernel';
import { describe, expect, it } from 'vitest';
import {
  call,
  encodeModule,
  type Func,
  func,
  type Local,
  load,
  local,
  localGet,
  type ModuleDefinition,
  returns,
  store,
} from '../src/index.js';
import { binaryMath, unaryMath } from '../src/math-imports.js';
import { UsedFunctions } from '../src/used-functions.js';
import { vectorRecipes } from '../src/vector-math/vector-helpers.js';
import { type VectorRecipe, VectorSteps } from '../src/vector-math/vector-steps.js';
import { count } from './count.js';
import { instantiate } from './instantiate.js';
import { disassemble } from './wabt.js';

/** Up to so many floats pass through the memory at once: x from 0 on, y behind it, then results. */
const room = 2 ** 18;
const names = [...unaryMath, ...binaryMath, 'erf'] as const;
const host: Readonly<Record<string, (x: number, y: number) => number>> = {
  ...Object.fromEntries(unaryMath.map((name) => [name, Math[name]])),
  pow: Math.pow,
  rem: (x, y) => x % y,
};

/** A recipe, which stands in loops, as a function of its own. */
function functionOf(recipe: VectorRecipe): Func {
  const x = local('v128', 'x');
  const locals: Local<'v128'>[] = [];
  const steps = new VectorSteps((name) => {
    const added = local('v128', name);
    locals.push(added);
    return added;
  });
  const result = recipe(localGet(x), steps);
  const body = [...steps.statements, returns(result)];
  return func({ name: 'recipe', params: [x], locals, results: ['v128'], body });
}

/** A function that takes arrays through one helper, four elements at a time. */
function moduleOf(name: string): ModuleDefinition {
  const used = new UsedFunctions();
  const recipe = vectorRecipes.get(name);
  const helper = recipe ? functionOf(recipe) : used.vectorHelper(name);
  const [i, end] = [local('i32', 'i'), local('i32', 'end')];
  const operands = helper.type.params.map((_, index) =>
    load('v128.load', localGet(i), { offset: 4 * room * index }),
  );
  const step = store('v128.store', localGet(i), call('v128', helper, ...operands), {
    offset: 8 * room,
  });
  const map = func({
    name: 'map',
    params: [end],
    locals: [i],
    body: [count(i, localGet(end), 16, [step])],
  });
  return {
    imports: used.imports,
    functions: [...used.helpers, ...(recipe ? [helper as Func] : []), map],
    memory: { initial: (12 * room) / 65_536, exportAs: 'memory' },
    exports: { map },
    names: true,
  };
}

function run(name: string, x: Float32Array, y?: Float32Array): Float32Array {
  const module = instantiate(moduleOf(name), { math: host });
  const floats = new Float32Array(module.bytes().buffer);
  floats.set(x);
  floats.set(y ?? [], room);
  module.call('map', 4 * x.length);
  return floats.slice(2 * room, 2 * room + x.length);
}

/** Where a formula changes, or a result reaches an end of the range. */
const edges = [
  ...[0, 2 ** -126, Math.SQRT1_2, 1, 1.05, Math.SQRT2, 3.92, 3.96, 9.01, 9.1, Infinity],
  ...[Math.LN2 / 4, Math.LN2 / 2, 87.3365, 88.7228, 89, 103.2789, 103.9721, 104],
];

/** The neighbours of edges, and floats of all exponents, each of both signs. */
const samples = ((): Float32Array => {
  const near = edges.flatMap((edge) => {
    const [bits = 0] = new Uint32Array(Float32Array.of(edge).buffer);
    return Array.from({ length: 128 }, (_, step) => Math.max(bits + step - 64, 0));
  });
  const bits = Uint32Array.from({ length: room }, (_, at) =>
    at < 2 * near.length ? (near[at >> 1] ?? 0) + 2 ** 31 * (at % 2) : at * 0x9e3779b1,
  );
  return new Float32Array(bits.buffer);
})();

interface Difference {
  readonly ulps: number;
  readonly absolute: number;
}

/** How far results are off at most, for the samples that are in a range. NaN has to be NaN. */
function differences(
  results: Float32Array,
  exact: (x: number) => number,
  isIn: (x: number) => boolean = () => true,
): Difference {
  let [ulps, absolute] = [0, 0];
  samples.forEach((x, index) => {
    const [result, wanted] = [results[index] ?? 0, exact(x)];
    if (!isIn(x)) return;
    if (Number.isNaN(wanted) !== Number.isNaN(result)) throw new Error(`${x} gives ${result}`);
    if (Number.isNaN(wanted) || Object.is(result, Math.fround(wanted))) return;
    ulps = Math.max(ulps, Math.abs(rankOf(result) - rankOf(Math.fround(wanted))));
    absolute = Math.max(absolute, Math.abs(result - wanted));
  });
  return { ulps, absolute };
}

/** The floats in order, numbered. */
function rankOf(x: number): number {
  const bits = new Int32Array(Float32Array.of(x).buffer)[0] ?? 0;
  return bits < 0 ? -0x80000000 - bits : bits;
}

it.each(names)('%s is valid', (name) => {
  expect(disassemble(encodeModule(moduleOf(name)))).toContain(
    vectorRecipes.has(name) ? '(func $recipe' : `(func $f32x4.${name}`,
  );
});

describe('exp', () => {
  const results = run('exp', samples);

  it('is right to 2 units in the last place, subnormal results included', () => {
    expect(differences(results, Math.exp).ulps).toBeLessThanOrEqual(2);
  });

  it('ends where the range of float32 does', () => {
    const x = Float32Array.of(88.72284, 88.7228317, -104, -103.98, Infinity, -Infinity, NaN, -0);
    const wanted = [Infinity, 3.40279851e38, 0, 0, Infinity, 0, NaN, 1].map(Math.fround);
    expect([...run('exp', x)]).toEqual(wanted);
  });
});

describe('exp of minus + 1', () => {
  const logistic = run('exp of minus + 1', samples).map((y) => 1 / y);

  it('makes a logistic function that is right to 1.2e-7', () => {
    const { absolute } = differences(logistic, (x) => 1 / (1 + Math.exp(-x)));
    expect(absolute).toBeLessThan(1.2e-7);
  });

  it('is 1 and infinity at the ends', () => {
    const x = Float32Array.of(Infinity, 104, -89, -Infinity, NaN, 0, -0, -88.5);
    const wanted = [1, 1, Infinity, Infinity, NaN, 2, 2, Infinity];
    expect([...run('exp of minus + 1', x)]).toEqual(wanted);
  });
});

describe('log', () => {
  it('is right to 2 units in the last place, for subnormal numbers too', () => {
    expect(differences(run('log', samples), Math.log).ulps).toBeLessThanOrEqual(2);
  });

  it('has its own results at the edges', () => {
    const x = Float32Array.of(0, -0, -1, -Infinity, Infinity, NaN, 1, -(2 ** -149));
    const wanted = [-Infinity, -Infinity, NaN, NaN, Infinity, NaN, 0, NaN];
    expect([...run('log', x)]).toEqual(wanted);
  });
});

describe.each([
  { name: 'tanh', exact: Math.tanh, one: 9.02, ulps: 4, upTo: Infinity },
  { name: 'erf', exact: erf, one: 3.93, ulps: 4, upTo: 1 },
])('$name', ({ name, exact, one, ulps, upTo }) => {
  const results = run(name, samples);

  it('is right to 3e-7', () => {
    expect(differences(results, exact).absolute).toBeLessThan(3e-7);
  });

  it('keeps its digits near 0', () => {
    const isNear = (x: number) => Math.abs(x) < upTo;
    expect(differences(results, exact, isNear).ulps).toBeLessThanOrEqual(ulps);
  });

  it('is odd, to the sign of zero', () => {
    const negated = run(
      name,
      samples.map((x) => -x),
    );
    expect(negated.every((y, i) => Object.is(-y, results[i]))).toBe(true);
    expect([...run(name, Float32Array.of(0, -0, 0, -0))]).toEqual([0, -0, 0, -0]);
  });

  it('stays within 1, and comes to it', () => {
    const sizes = results.map(Math.abs);
    expect(sizes.every((size) => !(size > 1))).toBe(true);
    expect(sizes.every((size, i) => !(Math.abs(samples[i] ?? 0) >= one) || size === 1)).toBe(true);
    const ends = Float32Array.of(Infinity, -Infinity, NaN, one);
    expect([...run(name, ends)]).toEqual([1, -1, NaN, 1]);
  });
});

it.each(['exp', 'log', 'tanh', 'erf'])('%s gives a number the same result in each lane', (name) => {
  const rotated = Float32Array.of(...samples.subarray(1, 4097));
  expect(run(name, rotated)).toEqual(run(name, samples.subarray(0, 4100)).subarray(1, 4097));
});

describe('lane by lane', () => {
  const x = samples.subarray(0, 20_000);
  const y = x.map((_, index) => x[(7 * index) % x.length] ?? 0);
  const others = Object.keys(host).filter((name) => !['exp', 'log', 'tanh'].includes(name));

  it.each(others)('%s is what the host gives', (name) => {
    const wanted = x.map((value, index) => host[name]?.(value, y[index] ?? 0) ?? 0);
    expect(run(name, x, y)).toEqual(wanted);
  });
});

it('brings in what a helper calls, and no more', () => {
  const used = new UsedFunctions();
  for (const name of ['pow', 'sin', 'pow']) used.vectorHelper(name);
  expect(used.helpers.map(({ name }) => name)).toEqual(['f32x4.pow', 'f32x4.sin']);
  expect(used.math).toEqual(['pow', 'sin']);
  expect(() => used.vectorHelper('gamma')).toThrow('No vector helper "gamma"');
});
