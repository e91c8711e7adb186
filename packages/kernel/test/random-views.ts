/** Random graphs of views, slices and joins around convolutions of an image. */

import type { Graph, Value } from '@whittle/ir';
import { Sketch } from './sketch.js';

export const imageDims = [1, 8, 6, 6] as const;

/** Four numbers for each op: which op, of which value, and two that the op makes what it can of. */
export type Recipe = readonly (readonly number[])[];

/**
 * The graph of a recipe. With `all` every value is an output; outputs lie densely on their own, so
 * that nothing is placed anywhere else.
 */
export function randomViews(recipe: Recipe, outputs: 'unread' | 'all'): Graph {
  const sketch = new Sketch();
  const image = sketch.builder.input('x', 'float32', imageDims);
  const pool: Value[] = [sketch.conv(image, 8)];
  const read = new Set<Value>();
  for (const [choice = 0, of = 0, a = 0, b = 0] of recipe) {
    const x = pool.at(-1 - (of % Math.min(4, pool.length)));
    const step = steps[choice % steps.length];
    if (x === undefined || step === undefined) continue;
    const others = pool.filter((value) => value !== x);
    const { made, with: more = [] } = step({ sketch, x, others, a, b }) ?? { made: [] };
    if (made.length === 0) continue;
    for (const value of [x, ...more]) read.add(value);
    pool.push(...made);
  }
  pool.forEach((value, i) => {
    if (outputs === 'all' || !read.has(value)) sketch.builder.output(`v${i}`, value);
  });
  return sketch.builder.build();
}

interface Place {
  readonly sketch: Sketch;
  readonly x: Value;
  readonly others: readonly Value[];
  readonly a: number;
  readonly b: number;
}

/** What a step made, and of what besides `x`; undefined where it does not apply. */
type Step = (place: Place) => { made: readonly Value[]; with?: readonly Value[] } | undefined;

const most = 2048;

const steps: readonly Step[] = [
  ({ sketch, x, a }) => {
    if (dimsOf(x).length !== 4 || channelsOf(x) > 16) return undefined;
    return { made: [sketch.conv(x, 1 + (a % 8), { kernel: a % 2 === 0 ? 1 : 3 })] };
  },
  ({ sketch, x, a }) => {
    const channels = channelsOf(x);
    if (dimsOf(x).length !== 4 || channels < 2) return undefined;
    return {
      made: [sketch.conv(x, channels, { kernel: 3, group: channels, stride: 1 + (a % 2) })],
    };
  },
  ({ sketch, x, a }) => ({ made: [sketch.builder.op(a % 2 === 0 ? 'Relu' : 'Neg', [x])] }),
  ({ sketch, x, a, b }) => {
    const perm = dimsOf(x).map((_, axis) => axis);
    const [from, to] = [a % perm.length, b % perm.length];
    [perm[from], perm[to]] = [perm[to] ?? 0, perm[from] ?? 0];
    return { made: [sketch.builder.op('Transpose', [x], { perm })] };
  },
  ({ sketch, x, a, b }) => {
    const dims = dimsOf(x);
    const axis = a % dims.length;
    const size = dims[axis] ?? 1;
    const by = [2, 3, 4].find((part) => size % part === 0);
    if (b % 2 === 0 && by !== undefined && dims.length < 6) {
      const apart = b % 4 === 0 ? [by, size / by] : [size / by, by];
      return { made: [sketch.reshape(x, dims.toSpliced(axis, 1, ...apart))] };
    }
    if (axis === 0) return undefined;
    const merged = dims.toSpliced(axis - 1, 2, (dims[axis - 1] ?? 1) * size);
    return { made: [sketch.reshape(x, merged)] };
  },
  ({ sketch, x, a, b }) => {
    const axis = a % dimsOf(x).length;
    const size = dimsOf(x)[axis] ?? 1;
    if (size < 2) return undefined;
    // At least one position stays.
    const end = b % 3 === 0 && size > 2 ? size - 1 : size;
    const range = [sketch.ints(b % 2), sketch.ints(end)];
    const step = sketch.ints(1 + (b % 2));
    return { made: [sketch.builder.op('Slice', [x, ...range, sketch.ints(axis), step])] };
  },
  ({ sketch, x }) =>
    dimsOf(x).length > 1 && channelsOf(x) % 2 === 0 ? { made: sketch.split(x, 2) } : undefined,
  ({ sketch, x, others, a, b }) => {
    const dims = dimsOf(x);
    const axis = a % dims.length;
    const fits = (value: Value): boolean =>
      dimsOf(value).length === dims.length &&
      dimsOf(value).every((size, i) => i === axis || size === dims[i]);
    const other = others.findLast(fits) ?? x;
    const parts = b % 2 === 0 ? [x, other] : [other, x];
    if (countOf(x) + countOf(other) > most) return undefined;
    return { made: [sketch.builder.op('Concat', parts, { axis })], with: [other] };
  },
  ({ sketch, x, others, a }) => {
    const dims = dimsOf(x);
    if (dims.length < 2) return undefined;
    const alike = others.filter((value) => dimsOf(value).join() === dims.join());
    const parts = [x, ...alike.slice(-1 - (a % 3))];
    if (countOf(x) * parts.length > most) return undefined;
    return { made: [sketch.inTurns(parts)], with: parts };
  },
];

function dimsOf(value: Value): number[] {
  return (value.type?.dims ?? []).map(Number);
}

function channelsOf(value: Value): number {
  return dimsOf(value)[1] ?? 1;
}

function countOf(value: Value): number {
  return dimsOf(value).reduce((count, size) => count * size, 1);
}
