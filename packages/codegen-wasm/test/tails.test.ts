/**
 * Kernels of every rest that tiles and vectors leave: results are those of the interpreter, and no
 * kernel reads or writes a lane too far, whichever of its buffers lies at an end of the memory.
 */

import {
  type AttributeLiterals,
  elementCount,
  type Graph,
  GraphBuilder,
  tensorOf,
  typedArrayOf,
  type Value,
} from '@whittle/ir';
import { interpretProgram, lowerGraph, type Program, type TensorData } from '@whittle/kernel';
import { expect, it } from 'vitest';
import { wasmCapabilities } from '../src/index.js';
import { atTheEdge } from './at-the-edge.js';
import { instantiateProgram } from './run-program.js';

/** Channels in and out from 1 to 17, and an image from 1 to 9 high and wide. */
type Sizes = readonly [inputs: number, outputs: number, height: number, width: number];

/** Each size occurs, and nearly all rests by 4 of any two of them. */
const sizes = Array.from({ length: 34 }, (_, i): Sizes => {
  const [again, ninth] = [i >= 17 ? 3 : 0, Math.floor(i / 9)];
  return [1 + (i % 17), 1 + ((6 * i + again) % 17), 1 + ((2 * i) % 9), 1 + ((5 * i + ninth) % 9)];
});

/** Small whole numbers, of which all products and sums are exact. */
function wholeNumbers(dims: readonly number[]): Float32Array {
  return Float32Array.from(
    { length: elementCount(dims) },
    (_, i) => (((i * 37 + 11) % 64) % 9) - 4,
  );
}

class Sketch {
  readonly #builder = new GraphBuilder('tails');

  input(name: string, dims: readonly number[]): Value {
    return this.#builder.input(name, 'float32', dims);
  }

  weight(...dims: number[]): Value {
    return this.#builder.constant(tensorOf('float32', dims, [...wholeNumbers(dims)]));
  }

  op(name: string, inputs: readonly Value[], attributes: AttributeLiterals = {}): Value {
    return this.#builder.op(name, inputs, attributes);
  }

  graph(output: Value): Graph {
    this.#builder.output('y', output);
    return this.#builder.build();
  }
}

type Write = (sketch: Sketch, sizes: Sizes) => Value;

const image = (sketch: Sketch, [channels, , height, width]: Sizes): Value =>
  sketch.input('x', [1, channels, height, width]);

const convolution =
  (window: number, stride: number): Write =>
  (sketch, [inputs, outputs, ...rest]) => {
    const x = image(sketch, [inputs, outputs, ...rest]);
    const [pad, filter] = [window >> 1, sketch.weight(outputs, inputs, window, window)];
    const attributes = { pads: [pad, pad, pad, pad], strides: [stride, stride] };
    return sketch.op('Relu', [sketch.op('Conv', [x, filter, sketch.weight(outputs)], attributes)]);
  };

const depthwise =
  (window: number, stride: number): Write =>
  (sketch, [channels, ...rest]) => {
    const x = image(sketch, [channels, ...rest]);
    const [pad, filter] = [window >> 1, sketch.weight(channels, 1, window, window)];
    const attributes = { pads: [pad, pad, pad, pad], strides: [stride, stride], group: channels };
    return sketch.op('Conv', [x, filter, sketch.weight(channels)], attributes);
  };

const ops: Readonly<Record<string, Write>> = {
  'pointwise convolutions': convolution(1, 1),
  'pointwise convolutions of stride 2': convolution(1, 2),
  'convolutions of 3 by 3': convolution(3, 1),
  'convolutions of 3 by 3, stride 2': convolution(3, 2),
  'depthwise convolutions of 3 by 3': depthwise(3, 1),
  'depthwise convolutions of 3 by 3, stride 2': depthwise(3, 2),
  'depthwise convolutions of 5 by 5': depthwise(5, 1),
  'depthwise convolutions of 5 by 5, stride 2': depthwise(5, 2),
  'Gemm of a weight': (sketch, [inner, columns, rows]) => {
    const x = sketch.input('x', [rows, inner]);
    return sketch.op('Gemm', [x, sketch.weight(columns, inner), sketch.weight(columns)], {
      transB: 1,
    });
  },
  'MatMul of two inputs': (sketch, [inner, columns, rows, batch]) => {
    const a = sketch.input('x', [batch, rows, inner]);
    return sketch.op('MatMul', [a, sketch.input('w', [batch, inner, columns])]);
  },
  'Add and Relu': (sketch, sizes) => {
    const x = image(sketch, sizes);
    const sum = sketch.op('Add', [x, sketch.weight(sizes[0], 1, 1)]);
    return sketch.op('Relu', [sum]);
  },
  'Softmax over the last axis': (sketch, [channels, , rows]) =>
    sketch.op('Softmax', [sketch.input('x', [rows, channels])], { axis: 1 }),
  'Softmax over channels': (sketch, sizes) =>
    sketch.op('Softmax', [image(sketch, sizes)], { axis: 1 }),
  GlobalAveragePool: (sketch, sizes) => sketch.op('GlobalAveragePool', [image(sketch, sizes)]),
  'GlobalAveragePool of channels that lie last': (sketch, sizes) =>
    sketch.op('GlobalAveragePool', [convolution(1, 1)(sketch, sizes)]),
  MaxPool: (sketch, sizes) =>
    sketch.op('MaxPool', [image(sketch, sizes)], {
      ...{ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
    }),
  Transpose: (sketch, sizes) =>
    sketch.op('Transpose', [image(sketch, sizes)], { perm: [0, 2, 3, 1] }),
};

it.each(Object.entries(ops))('%s', (_, write) => {
  for (const [i, size] of sizes.entries()) {
    const sketch = new Sketch();
    const program = lowerGraph(sketch.graph(write(sketch, size)), wasmCapabilities);
    const feeds = Object.fromEntries(
      program.inputs.map(({ name, dtype, dims }): [string, TensorData] => [
        name,
        { dtype, dims, data: wholeNumbers(dims) },
      ]),
    );
    const expected = interpretProgram(program, feeds).y?.data ?? expect.fail('no output');
    for (const edge of program.buffers) {
      for (const side of i % 3 === 0 ? (['start', 'end'] as const) : (['end'] as const)) {
        const what = `of sizes ${size}, with ${edge.name} at the ${side} of the memory`;
        const y = runAtTheEdge(program, feeds, edge, side, what);
        expect(largestDifference(y, Float32Array.from(expected, Number)), what).toBeLessThan(1e-5);
      }
    }
  }
});

function runAtTheEdge(
  original: Program,
  feeds: Readonly<Record<string, TensorData>>,
  edge: Program['buffers'][number],
  side: 'start' | 'end',
  what: string,
): Float32Array {
  const { program, fixed } = atTheEdge(original, edge, side);
  // What kernels write is among the constants here.
  const { run, memory, bytesOf } = instantiateProgram(program, { warms: false });
  for (const port of program.inputs) {
    const data = feeds[port.name]?.data ?? expect.fail(`no feed for ${port.name}`);
    bytesOf(port, data.byteLength).set(new Uint8Array(data.buffer, 0, data.byteLength));
  }
  expect(run, what).not.toThrow();
  for (const [start, end] of fixed) {
    const same = Buffer.compare(
      memory.subarray(start, end),
      program.constants.subarray(start, end),
    );
    expect(same, `what is around the buffers ${what}`).toBe(0);
  }
  const [port] = program.outputs;
  if (port === undefined) return expect.fail('no output');
  const { dtype, dims } = port;
  const bytes = bytesOf(port, 4 * elementCount(dims)).slice();
  return typedArrayOf({ dtype, dims, bytes }) as Float32Array;
}

/** In parts of the largest element; NaN where an element is NaN. */
function largestDifference(actual: Float32Array, expected: Float32Array): number {
  const scale = Math.max(...expected.map(Math.abs), 1e-30);
  return Math.max(...expected.map((value, i) => Math.abs((actual[i] ?? NaN) - value))) / scale;
}
