/** Models for the command to work on, as ONNX bytes. */

import { type Graph, GraphBuilder, namedDim, seededTensor } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import onnxProto from 'onnx-proto';

export const models = {
  /** `image` float32[1,3,8,8] to `scores` float32[1,4,1,1]. */
  small: () => exportOnnx(smallGraph(1)),
  /** The same with a batch that has a name and no number. */
  batched: () => exportOnnx(smallGraph(namedDim('batch'))),
  /** Three nodes of two ops that nothing can run. */
  unsupported: () => exportOnnx(unsupportedGraph()),
  /** The small model in a version of the format that does not exist yet; its ops do. */
  fromTheFuture: () => withIrVersion(exportOnnx(smallGraph(1)), 999),
  /** Names that would do things to a terminal. */
  hostile: () => exportOnnx(namedGraph('\u001b[2J\u202egnp.exe\nerror[E_FAKE]: no\u0007')),
};

function smallGraph(batch: Parameters<GraphBuilder['input']>[2][number]): Graph {
  const builder = new GraphBuilder('small');
  const image = builder.input('image', 'float32', [batch, 3, 8, 8]);
  const weight = builder.constant(seededTensor('float32', [4, 3, 3, 3], 1), 'weight');
  const features = builder.op('Conv', [image, weight], {}, { name: 'stem', outputs: ['features'] });
  const pooled = builder.op(
    'GlobalAveragePool',
    [features],
    {},
    { name: 'pool', outputs: ['pooled'] },
  );
  builder.output('scores', builder.op('Softmax', [pooled], { axis: 1 }, { outputs: ['scores'] }));
  return builder.build();
}

function unsupportedGraph(): Graph {
  const builder = new GraphBuilder('strange');
  const x = builder.input('x', 'float32', [4]);
  const a = builder.op('com.example::Mystery', [x], {}, { name: 'enigma', outputs: ['a'] });
  const b = builder.op('com.example::Riddle', [a], {}, { name: 'puzzle', outputs: ['b'] });
  const c = builder.op('com.example::Mystery', [b], {}, { name: 'enigma again', outputs: ['c'] });
  builder.output('y', c);
  return builder.build();
}

function namedGraph(name: string): Graph {
  const builder = new GraphBuilder(name);
  const x = builder.input(name, 'float32', [4]);
  builder.output('y', builder.op('Relu', [x], {}, { name, outputs: ['y'] }));
  return builder.build();
}

function withIrVersion(bytes: Uint8Array, irVersion: number): Uint8Array {
  const model = onnxProto.onnx.ModelProto.decode(bytes);
  return onnxProto.onnx.ModelProto.encode({ ...model, irVersion }).finish();
}
