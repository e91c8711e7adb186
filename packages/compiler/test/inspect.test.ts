import { GraphBuilder, knownOps, namedDim } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { describe, expect, it } from 'vitest';
import { inspect, optimize } from '../src/index.js';
import { macRules } from '../src/node-costs.js';
import { smallGraph, smallModel } from './support/small-model.js';

describe('inspect', () => {
  it('counts multiply-adds and bytes of each node', async () => {
    const { nodes, macs, program, problem } = await inspect(smallModel(), { fuse: 'none' });
    expect(
      nodes.map(({ op, macs, parameterBytes, outputBytes }) => [
        op,
        macs,
        parameterBytes,
        outputBytes,
      ]),
    ).toEqual([
      ['Conv', 64 * 3 * 9, 4 * 30, 4 * 3 * 64],
      ['Conv', 64 * 5 * 3, 4 * 15, 4 * 5 * 64],
      ['GlobalAveragePool', 0, 0, 4 * 5],
      ['Softmax', 0, 0, 4 * 5],
    ]);
    expect(macs).toBe(64 * 3 * 9 + 64 * 5 * 3);
    expect(program?.macs).toBe(macs);
    expect(problem).toBeUndefined();
  });

  it('counts by the name of a dim that has no number', async () => {
    const { macs, inputs, program, problem } = await inspect(
      exportOnnx(smallGraph(namedDim('batch'))),
    );
    expect(inputs).toEqual([{ name: 'image', dtype: 'float32', dims: ['batch', 3, 8, 8] }]);
    expect(macs).toBe(`${64 * 3 * 9 + 64 * 5 * 3}*batch`);
    expect(program).toBeUndefined();
    expect(problem?.code).toBe('E_UNBOUND_DIM');
  });

  it('describes a model that does not compile', async () => {
    const builder = new GraphBuilder('strange');
    const x = builder.input('x', 'float32', [2]);
    builder.output('y', builder.op('com.example::Mystery', [x], {}, { name: 'enigma' }));
    const { problem, nodes, outputs, macs } = await inspect(exportOnnx(builder.build()));
    expect(problem).toMatchObject({
      code: 'E_UNSUPPORTED_OP',
      message: expect.stringContaining('com.example::Mystery'),
    });
    expect(nodes).toMatchObject([{ op: 'com.example::Mystery', name: 'enigma', macs: 0 }]);
    expect(outputs).toEqual([{ name: 'y', dtype: 'unknown', dims: [] }]);
    expect(macs).toBe(0);
  });

  it('does not know what is too long to multiply', async () => {
    const builder = new GraphBuilder('sums');
    // 24³ products of names are more terms than a dim may have.
    const axis = (axis: number) => {
      const parts = Array.from({ length: 24 }, (_, i) => {
        const dims = [0, 1, 2].map((each) => (each === axis ? namedDim(`d${axis}_${i}`) : 1));
        return builder.input(`x${axis}_${i}`, 'float32', dims);
      });
      return builder.op('Concat', parts, { axis });
    };
    const rows = builder.op('Add', [axis(0), axis(1)]);
    builder.output('product', builder.op('MatMul', [rows, axis(2)]));
    const model = exportOnnx(builder.build());
    const { nodes, macs, problem } = await inspect(model);
    expect(nodes.at(-1)).toMatchObject({ op: 'MatMul', macs: undefined, outputBytes: undefined });
    expect([macs, problem?.code]).toEqual([undefined, 'E_UNBOUND_DIM']);
    await expect(optimize(model, { onReport: () => {} })).resolves.toBeInstanceOf(Uint8Array);
  });

  it('knows the cost of every contraction', () => {
    const contractions = knownOps().filter(({ traits }) => traits.fusion === 'anchor');
    expect(Object.keys(macRules).sort()).toEqual(contractions.map(({ name }) => name).sort());
  });
});
