/** Models for the command to work on, as ONNX bytes. */

import { type Graph, GraphBuilder, namedDim, seededTensor } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import onnxProto from 'onnx-proto';

export const models = {
  /** `image` float32[1,3,8,8] to `scores` float32[1,4,1,1]. */
  small: () => exportOnnx(smallGraph(1)),
  /** The same with a batch that has a name and no number. */
  batched: () => exportOnnx(smallGraph(namedDim('batch'))),
  /** `image` float32[1,8,9,9] through a grouped convolution and an inverted residual block. */
  family: () => exportOnnx(familyGraph()),
  /** A grouped convolution whose filter is computed, so that it cannot be split. */
  computedFilter: () => exportOnnx(computedFilterGraph()),
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

function familyGraph(): Graph {
  const builder = new GraphBuilder('family');
  const weight = (...dims: number[]) =>
    builder.constant(seededTensor('float32', dims, dims.length));
  const named = (name: string) => ({ name, outputs: [name] });
  const image = builder.input('image', 'float32', [1, 8, 9, 9]);
  const attributes = { group: 4, pads: [1, 1, 1, 1] };
  const groups = builder.op(
    'Conv',
    [image, weight(8, 2, 3, 3), weight(8)],
    attributes,
    named('groups'),
  );
  const active = builder.op('Relu', [groups], {}, named('active'));
  const expand = builder.op('Conv', [active, weight(24, 8, 1, 1)], {}, named('expand'));
  const wide = builder.op('Relu', [expand], {}, named('wide'));
  const depthwise = builder.op(
    'Conv',
    [wide, weight(24, 1, 3, 3)],
    { group: 24, pads: [1, 1, 1, 1] },
    named('depthwise'),
  );
  const project = builder.op('Conv', [depthwise, weight(8, 24, 1, 1)], {}, named('project'));
  builder.output('features', builder.op('Add', [active, project], {}, named('features')));
  return builder.build();
}

function computedFilterGraph(): Graph {
  const builder = new GraphBuilder('computed');
  const image = builder.input('image', 'float32', [1, 4, 5, 5]);
  const filter = builder.input('filter', 'float32', [4, 2, 3, 3]);
  const name = { name: 'groups', outputs: ['features'] };
  builder.output('features', builder.op('Conv', [image, filter], { group: 2 }, name));
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
