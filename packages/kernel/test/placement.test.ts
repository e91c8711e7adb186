/** Where values lie: what is computed in its place, and what has to be moved. */

import { type Graph, seededTensor, type Value } from '@whittle/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { launchesIn, lowerGraph } from '../src/index.js';
import { expectClose } from './op-cases/expect-close.js';
import { interpretGraph, testTarget } from './op-cases/interpret-graph.js';
import { runOnnx } from './op-cases/reference.js';
import { imageDims, randomViews } from './random-views.js';
import { Sketch } from './sketch.js';

const feeds = { x: { ...seededTensor('float32', imageDims, 99), dtype: 'float32' as const } };

type Build = (sketch: Sketch, x: Value) => Readonly<Record<string, Value>>;

/** A graph of one image, `[1, 8, 6, 6]`, which a first convolution has brought into channels-last. */
function graphOf(build: Build): Graph {
  const sketch = new Sketch();
  const image = sketch.builder.input('x', 'float32', imageDims);
  const outputs = build(sketch, sketch.conv(image, 8));
  for (const [name, value] of Object.entries(outputs)) sketch.builder.output(name, value);
  return sketch.builder.build();
}

/** The kernels that a graph launches after the copy of its input and the first convolution. */
function kernelsOf(graph: Graph): string[] {
  const { steps } = lowerGraph(graph, testTarget);
  return launchesIn(steps)
    .slice(2)
    .map(({ kernel }) => kernel.replace(/_\d+$/, ''));
}

async function expectRightValues(graph: Graph): Promise<void> {
  const expected = await runOnnx(graph, feeds);
  const results = await interpretGraph(graph, feeds);
  for (const [name, tensor] of Object.entries(expected)) expectClose(results[name], tensor, name);
}

interface PlacementCase {
  readonly name: string;
  readonly build: Build;
  readonly kernels: readonly string[];
}

function run(title: string, cases: readonly PlacementCase[]): void {
  describe(title, () => {
    it.each(cases)('$name', async ({ build, kernels }) => {
      const graph = graphOf(build);
      expect(kernelsOf(graph)).toEqual(kernels);
      await expectRightValues(graph);
    });
  });
}

const pointwise = 'conv_pointwise';
const depthwise = 'conv_depthwise';

run('values joined in turns', [
  ...[2, 3, 4].map((groups) => ({
    name: `are computed in their places: ${groups} groups`,
    build: (s: Sketch, x: Value) => {
      const parts = Array.from({ length: groups }, () => s.conv(x, 4));
      return { y: s.conv(s.inTurns(parts), 2) };
    },
    kernels: [...Array<string>(groups).fill(pointwise), pointwise],
  })),
  {
    name: 'have the zeros around them that a depthwise reader wants',
    build: (s, x) => {
      const joined = s.inTurns([s.conv(x, 4), s.conv(x, 4, { kernel: 3 })]);
      return { y: s.conv(joined, 8, { kernel: 3, group: 8, stride: 2 }) };
    },
    kernels: [pointwise, 'conv', depthwise],
  },
  {
    name: 'are copied once where they are views of what was joined before',
    build: (s, x) => {
      const [kept = x, filtered = x] = s.split(s.inTurns([s.conv(x, 4), s.conv(x, 4)]), 2);
      return { y: s.conv(s.inTurns([kept, s.conv(filtered, 4)]), 2) };
    },
    kernels: [pointwise, pointwise, pointwise, 'copy', pointwise],
  },
  {
    name: 'stay where they are computed if a convolution reads them too',
    build: (s, x) => {
      const part = s.conv(x, 4);
      return { y: s.conv(s.inTurns([part, s.conv(x, 4)]), 2), z: s.conv(part, 2) };
    },
    kernels: [pointwise, pointwise, 'copy', pointwise, pointwise],
  },
  {
    name: 'are read in their places by what takes them as they lie',
    build: (s, x) => {
      const part = s.conv(x, 4);
      const again = s.builder.op('Softplus', [part]);
      return { y: s.conv(s.inTurns([part, s.conv(x, 4)]), 2), z: again };
    },
    kernels: [pointwise, 'softplus', pointwise, pointwise],
  },
  {
    name: 'are copied where they are outputs of the graph',
    build: (s, x) => {
      const part = s.conv(x, 4);
      return { y: s.conv(s.inTurns([part, s.conv(x, 4)]), 2), z: part };
    },
    kernels: [pointwise, pointwise, 'copy', pointwise],
  },
  {
    name: 'are computed in one place and copied to the other where they come twice',
    build: (s, x) => {
      const part = s.conv(x, 4);
      return { y: s.conv(s.inTurns([part, part]), 2) };
    },
    kernels: [pointwise, 'copy', pointwise],
  },
  {
    name: 'are computed in an output of the graph',
    build: (s, x) => ({ y: s.inTurns([s.conv(x, 4), s.conv(x, 4), s.conv(x, 4)]) }),
    kernels: [pointwise, pointwise, pointwise],
  },
  {
    name: 'are computed in what is joined in turns again',
    build: (s, x) => {
      const inner = s.inTurns([s.conv(x, 2), s.conv(x, 2)]);
      return { y: s.conv(s.inTurns([inner, s.conv(x, 4)]), 2, { kernel: 3 }) };
    },
    kernels: [pointwise, pointwise, pointwise, 'conv'],
  },
]);

run('what a view op reads', [
  {
    name: 'is computed in the row that a product wants',
    build: (s, x) => {
      const row = s.reshape(s.conv(x, 4), [1, 4 * 36]);
      return { y: s.builder.op('MatMul', [row, s.constant([4 * 36, 3])]) };
    },
    kernels: [pointwise, 'matmul'],
  },
  {
    name: 'is computed in an output in another order',
    build: (s, x) => {
      const split = s.reshape(s.conv(x, 4), [1, 2, 2, 36]);
      const turned = s.builder.op('Transpose', [split], { perm: [0, 2, 1, 3] });
      return { y: s.reshape(turned, [1, 4, 6, 6]) };
    },
    // Two channels that trade places are no stride of one convolution's output.
    kernels: [pointwise, 'reshape'],
  },
  {
    name: 'is computed behind a transposition, into heads that are joined',
    build: (s, x) => {
      const heads = s.reshape(x, [1, 2, 4, 36]);
      const mixed = s.builder.op('MatMul', [s.constant([1, 2, 5, 4]), heads]);
      const turned = s.builder.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
      return { y: s.reshape(turned, [5, 72]) };
    },
    kernels: ['matmul'],
  },
  {
    name: 'is no part of what has zeros around an axis of its own',
    build: (s, x) => {
      const line = s.reshape(s.conv(s.conv(x, 8), 4), [1, 4, 36]);
      return { y: s.conv(line, 2, { kernel: 3 }) };
    },
    kernels: [pointwise, pointwise, 'copy', 'conv'],
  },
  {
    name: 'is viewed where that serves the reader',
    build: (s, x) => {
      const made = s.conv(x, 4);
      const turned = s.builder.op('Transpose', [made], { perm: [0, 2, 3, 1] });
      return { y: turned };
    },
    kernels: [pointwise],
  },
]);

run('what is read through views', [
  {
    name: 'has zeros around it for the convolutions of its slices',
    build: (s, x) => {
      const parts = s.split(s.conv(x, 8), 2).map((part) => s.conv(part, 2, { kernel: 3 }));
      return { y: s.builder.op('Concat', parts, { axis: 1 }) };
    },
    kernels: [pointwise, 'conv', 'conv'],
  },
  {
    name: 'is copied where a slice cuts the axis that is padded',
    build: (s, x) => {
      const made = s.conv(x, 8);
      const cut = s.builder.op('Slice', [made, s.ints(1), s.ints(4), s.ints(2)]);
      return { y: s.conv(cut, 2, { kernel: 3 }) };
    },
    kernels: [pointwise, 'copy', 'conv'],
  },
]);

describe('random views, slices and joins around convolutions', () => {
  it('give what they give where every value has memory of its own', async () => {
    const recipes = fc.array(fc.array(fc.nat(1023), { minLength: 4, maxLength: 4 }), {
      minLength: 3,
      maxLength: 14,
    });
    await fc.assert(
      fc.asyncProperty(recipes, async (recipe) => {
        const results = await interpretGraph(randomViews(recipe, 'unread'), feeds);
        const expected = await interpretGraph(randomViews(recipe, 'all'), feeds);
        for (const [name, result] of Object.entries(results)) {
          expectClose(result, expected[name] ?? result, name);
        }
      }),
      { numRuns: Number(process.env.WHITTLE_PLACEMENTS ?? 60) },
    );
  });
});
