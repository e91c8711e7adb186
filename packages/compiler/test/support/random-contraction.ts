/**
 * Random convolutions and matrix products with products and sums by channel around them, on either
 * side, turned or not, and padded apart.
 */

import { type Graph, GraphBuilder, int64Tensor, tensorOf, type Value } from '@whittle/ir';
import { Draw } from './draw.js';

export interface RandomContraction {
  readonly graph: Graph;
  readonly dims: readonly number[];
}

const kinds = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'] as const;

export function randomContraction(seed: number): RandomContraction {
  const draw = new Draw(seed);
  const kind = draw.of(kinds);
  const builder = new GraphBuilder(`${kind} ${seed}`);
  const steps = new Steps(builder, draw);
  const isImage = kind === 'Conv' || kind === 'ConvTranspose';
  const rank = isImage ? 4 : kind === 'Gemm' ? 2 : draw.of([2, 3, 4]);
  const groups = isImage ? draw.of([1, 1, 2, 4]) : 1;
  const channels = 4;
  const shape = isImage ? [2, channels, 5, 6] : [2, 5, 3, channels].slice(-rank);
  const isTurned = isImage && draw.chance(0.3);
  const dims = isTurned ? [2, 5, 6, channels] : shape;
  let value = builder.input('x', 'float32', dims);
  value = steps.affine(value, isImage && !isTurned ? 1 : rank - 1, channels, draw.below(3));
  if (isTurned) value = builder.op('Transpose', [value], { perm: [0, 3, 1, 2] });
  if (kind === 'Conv' && draw.chance(0.3)) value = steps.pad(value);
  const outputs = draw.of([4, 8]);
  value = steps.contract(kind, value, channels, outputs, groups);
  const isTurnedBack = isImage && draw.chance(0.3);
  if (isTurnedBack) value = builder.op('Transpose', [value], { perm: [0, 2, 3, 1] });
  const axis = isImage && !isTurnedBack ? 1 : rank - 1;
  value = steps.affine(value, axis, outputs, draw.below(4));
  if (axis === 1 && draw.chance(0.3)) value = steps.batchNormalization(value, outputs);
  builder.output('y', value);
  return { graph: builder.build(), dims };
}

class Steps {
  readonly #builder: GraphBuilder;
  readonly #draw: Draw;

  constructor(builder: GraphBuilder, draw: Draw) {
    this.#builder = builder;
    this.#draw = draw;
  }

  /** So many products and sums with one number, or one for each channel on `axis`. */
  affine(start: Value, axis: number, channels: number, count: number): Value {
    const rank = start.type?.dims.length ?? 0;
    let value = start;
    for (let i = 0; i < count; i++) {
      const op = this.#draw.of(['Mul', 'Div', 'Add', 'Sub', 'Neg']);
      if (op === 'Neg') {
        value = this.#builder.op('Neg', [value]);
        continue;
      }
      const trailing = Array<number>(rank - 1 - axis).fill(1);
      const dims = this.#draw.chance(0.3) ? [] : [channels, ...trailing];
      const operands = [value, this.#positive(dims)];
      // A constant over the value is no map by channel.
      const isSwapped = op !== 'Div' && this.#draw.chance(0.5);
      value = this.#builder.op(op, isSwapped ? operands.toReversed() : operands);
    }
    return value;
  }

  pad(value: Value): Value {
    const [top, left, bottom, right] = [0, 1, 2, 3].map(() => this.#draw.below(3));
    const pads = [0, 0, top ?? 0, left ?? 0, 0, 0, bottom ?? 0, right ?? 0];
    return this.#builder.op('Pad', [value, this.#builder.constant(int64Tensor(pads))]);
  }

  contract(
    kind: (typeof kinds)[number],
    x: Value,
    inputs: number,
    outputs: number,
    groups: number,
  ): Value {
    const bias = this.#draw.chance(0.5) ? this.#draw.weights(this.#builder, [outputs]) : undefined;
    if (kind === 'Conv') {
      const size = this.#draw.of([1, 3]);
      const w = this.#draw.weights(this.#builder, [outputs, inputs / groups, size, size]);
      return this.#builder.op('Conv', [x, w, bias], { group: groups, ...this.#window(size) });
    }
    if (kind === 'ConvTranspose') {
      const size = this.#draw.of([1, 2, 3]);
      const w = this.#draw.weights(this.#builder, [inputs, outputs / groups, size, size]);
      const strides = this.#draw.of([
        [1, 1],
        [2, 2],
      ]);
      return this.#builder.op('ConvTranspose', [x, w, bias], { group: groups, strides });
    }
    if (kind === 'Gemm') {
      const transB = this.#draw.below(2);
      const w = this.#draw.weights(this.#builder, transB ? [outputs, inputs] : [inputs, outputs]);
      return this.#builder.op('Gemm', [x, w, bias], {
        transB,
        ...this.#draw.of([{}, { alpha: 0.5, beta: 2 }]),
      });
    }
    const product = this.#builder.op('MatMul', [
      x,
      this.#draw.weights(this.#builder, [inputs, outputs]),
    ]);
    return bias === undefined ? product : this.#builder.op('Add', [product, bias]);
  }

  #window(size: number) {
    const strides = this.#draw.of([
      [1, 1],
      [2, 1],
    ]);
    if (this.#draw.chance(0.2)) return { strides, auto_pad: 'SAME_UPPER' };
    return size > 1 && this.#draw.chance(0.5) ? { strides, pads: [1, 0, 2, 1] } : { strides };
  }

  batchNormalization(value: Value, channels: number): Value {
    const parameters = [0, 1, 2, 3].map(() => this.#positive([channels]));
    return this.#builder.op('BatchNormalization', [value, ...parameters], { epsilon: 0.001 });
  }

  /** Numbers that can be divided by. */
  #positive(dims: readonly number[]): Value {
    const count = dims.reduce((product, size) => product * size, 1);
    const numbers = Array.from({ length: count }, () => 0.5 + this.#draw.below(8) / 4);
    return this.#builder.constant(tensorOf('float32', dims, numbers));
  }
}
