/** A separable convolution with its head, small enough to read, as ONNX bytes. */

import { type Graph, GraphBuilder, seededTensor } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';

/** One input `image` of float32[batch,3,8,8], one output `scores`. `batch` may be a name. */
export function smallGraph(batch: Parameters<GraphBuilder['input']>[2][number] = 1): Graph {
  const builder = new GraphBuilder('small');
  const weight = (dims: number[], seed: number) =>
    builder.constant(seededTensor('float32', dims, seed), `weight_${seed}`);
  const named = (name: string) => ({ name, outputs: [name] });
  const image = builder.input('image', 'float32', [batch, 3, 8, 8]);
  const depthwise = builder.op(
    'Conv',
    [image, weight([3, 1, 3, 3], 1), weight([3], 2)],
    { group: 3, pads: [1, 1, 1, 1] },
    named('depthwise'),
  );
  const rectified = builder.op('Relu', [depthwise], {}, named('rectified'));
  const pointwise = builder.op(
    'Conv',
    [rectified, weight([5, 3, 1, 1], 3)],
    {},
    named('pointwise'),
  );
  const pooled = builder.op('GlobalAveragePool', [pointwise], {}, named('pooled'));
  builder.output('scores', builder.op('Softmax', [pooled], { axis: 1 }, named('scores')));
  return builder.build();
}

export function smallModel(): Uint8Array {
  return exportOnnx(smallGraph());
}
