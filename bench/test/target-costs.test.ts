import { jsCapabilities } from '@whittle/codegen-js';
import { compile } from '@whittle/compiler';
import { GraphBuilder } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { expect, it } from 'vitest';

import { type CostProbe, costProbes } from '../src/harness/cost-probe.ts';
import { measureCosts } from '../src/harness/measure-costs.ts';
import { formatCosts } from '../src/reports/costs-table.ts';

const pace = { warmup: 0, rounds: 2 };

it('has workloads for every constant', () => {
  const constants = new Set(costProbes.map(({ constant }) => constant));
  expect([...constants].sort()).toEqual(Object.keys(jsCapabilities.costs).sort());
});

it.each(costProbes)('compiles each layer of $workload to one step', async ({ build, layers }) => {
  const [layered, bare] = await Promise.all(
    [layers, 0].map(async (count) => (await compile(exportOnnx(build(count)), {})).report.program),
  );
  expect(layered?.steps).toBe((bare?.steps ?? Number.NaN) + layers);
  // A copy in or out of the kernels' own layout would be a step, and its time taken for theirs.
  expect(bare?.steps).toBe(0);
});

it('counts what the layers do by the time that they take', async () => {
  const bytes = 2 * 4 * 1000;
  const streamed = await measureCosts(probeOf({ constant: 'memory', bytes }, ['Neg']), pace);
  expect(streamed.nanoseconds).toHaveLength(2);
  const [first = 0, second = 0] = streamed.nanoseconds.map((time) => bytes / time);
  expect(streamed.value.median).toBeCloseTo((first + second) / 2, 10);
  expect(formatCosts([streamed], jsCapabilities.costs, 'plain')).toContain('bytes/ns');
});

it('refuses layers that become fewer steps', async () => {
  const merged = probeOf({ constant: 'launch', layers: 2 }, ['Neg', 'Abs']);
  await expect(measureCosts(merged, pace)).rejects.toThrow('2 layers are 1 steps');
});

function probeOf(some: Partial<CostProbe>, ops: readonly string[]): CostProbe {
  const build = (layers: number) => {
    const builder = new GraphBuilder('probe');
    let y = builder.input('x', 'float32', [1000]);
    for (const op of ops.slice(0, layers)) y = builder.op(op, [y]);
    builder.output('y', y);
    return builder.build();
  };
  return { constant: 'launch', workload: 'ops', build, layers: 1, repeats: 1, ...some };
}
