/** Graphs of convolutions and views in few words. */

import { GraphBuilder, int64Tensor, seededTensor, type Value } from '@whittle/ir';

export class Sketch {
  readonly builder = new GraphBuilder('placement');
  #seed = 0;

  constant(dims: readonly number[]): Value {
    return this.builder.constant(seededTensor('float32', dims, ++this.#seed));
  }

  ints(...values: number[]): Value {
    return this.builder.constant(int64Tensor(values));
  }

  /** A convolution of windows as long as wide, padded so that the image stays as large as it is. */
  conv(x: Value, channels: number, { kernel = 1, group = 1, stride = 1 } = {}): Value {
    const [, inputs, ...image] = (x.type?.dims ?? []).map(Number);
    const along = (size: number): number[] => image.map(() => size);
    const pad = (kernel - 1) / 2;
    const attributes = { group, pads: [...along(pad), ...along(pad)], strides: along(stride) };
    const filter = this.constant([channels, (inputs ?? 1) / group, ...along(kernel)]);
    return this.builder.op('Conv', [x, filter, this.constant([channels])], attributes);
  }

  /** The same elements under other dims. */
  reshape(x: Value, dims: readonly number[]): Value {
    return this.builder.op('Reshape', [x, this.ints(...dims)]);
  }

  /** Channel 0 of each part, then channel 1 of each, and so on. */
  inTurns(parts: readonly Value[]): Value {
    const apart = parts.map((part) => this.builder.op('Unsqueeze', [part, this.ints(2)]));
    const joined = this.builder.op('Concat', apart, { axis: 2 });
    const [n, c, , ...image] = (joined.type?.dims ?? []).map(Number);
    return this.reshape(joined, [n ?? 0, (c ?? 0) * parts.length, ...image]);
  }

  /** `count` parts of one length along the channels. */
  split(x: Value, count: number): Value[] {
    const outputs = Array<string>(count).fill('part');
    const attributes = { axis: 1, num_outputs: count };
    const node = this.builder.node('Split', [x], attributes, { outputs });
    return node.outputs.flatMap((output) => output ?? []);
  }
}
