import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { destroyDevices, hasAdapter, openDevice } from '../../codegen-wgsl/test/gpu.js';
import {
  interpreterReference,
  type Reference,
  type RunnableModel,
  type Target,
  type Tensors,
  targetNames,
  type VerifyOptions,
  verify,
} from '../src/index.js';
import { smallModel } from './support/small-model.js';
import { loadGpuModel } from './support/webgpu-model.js';

const load: VerifyOptions['load'] = async (files) => (await loadModel(files)) as RunnableModel;
const interpreter = interpreterReference();

/** Those that run here. */
const targets = targetNames.filter((target) => target !== 'wgsl' || hasAdapter);

let device: GPUDevice | undefined;
beforeAll(async () => {
  if (hasAdapter) device = await openDevice();
});
afterAll(destroyDevices);

const loadOf =
  (target: Target): VerifyOptions['load'] =>
  async (files) =>
    target === 'wgsl' && device !== undefined
      ? ((await loadGpuModel(files, device)) as RunnableModel)
      : load(files);

/** A reference that is wrong in one value, and in what follows from it. */
function brokenAt(names: readonly string[]): Reference {
  return {
    name: 'broken',
    run: async (model, feeds) => {
      const results = { ...(await interpreter.run(model, feeds)) };
      for (const name of names) {
        const result = results[name];
        if (result === undefined) continue;
        const data = Float32Array.from(result.data, (x: number | bigint) => Number(x) + 0.5);
        results[name] = { ...result, data };
      }
      return results;
    },
  };
}

/** Scores of which each is `factor`. */
const exactly = (factor: number) => async (): Promise<Tensors> => ({
  scores: { dtype: 'float32', dims: [1, 5, 1, 1], data: new Float32Array(5).fill(factor) },
});
const exact = await exactly(1)();

describe('verify', () => {
  it.each(targets)('finds that %s agrees with the interpreter', async (target) => {
    const verification = await verify(smallModel(), {
      target,
      reference: interpreter,
      load: loadOf(target),
    });
    expect(verification).toMatchObject({ agrees: true, target, reference: 'interpreter' });
    expect(verification.outputs).toMatchObject([{ name: 'scores', agrees: true, elements: 5 }]);
    expect(verification.difference).toBeUndefined();
  });

  it.each(targets)('names the first node that differs, on %s', async (target) => {
    const reference = brokenAt(['pointwise', 'pooled', 'scores']);
    const options = { target, reference, load: loadOf(target), fuse: 'none' } as const;
    const verification = await verify(smallModel(), options);
    expect(verification.agrees).toBe(false);
    expect(verification.difference).toMatchObject({
      found: true,
      op: 'Conv',
      node: 'pointwise',
      value: 'pointwise',
      agreeing: 1,
    });
  });

  it.each([
    ['js', 1e-4],
    ['wasm', 1e-4],
    ['wgsl', 1e-3],
  ] as const)('holds %s to %d of the largest element', async (target, relative) => {
    const offBy = (share: number): Reference => ({ name: 'near', run: exactly(1 + share) });
    const agrees = async (share: number) => {
      const options = { target, load: async () => ({ run: () => exact, dispose: () => {} }) };
      return (await verify(smallModel(), { ...options, reference: offBy(share) })).agrees;
    };
    expect(await agrees(0.9 * relative)).toBe(true);
    expect(await agrees(1.1 * relative)).toBe(false);
  });

  it('says so where only the whole differs', async () => {
    let runs = 0;
    const reference: Reference = {
      name: 'moody',
      run: (model, feeds) => (runs++ === 0 ? brokenAt(['scores']) : interpreter).run(model, feeds),
    };
    const { agrees, difference } = await verify(smallModel(), { reference, load });
    expect(agrees).toBe(false);
    expect(difference).toMatchObject({ found: false, reason: expect.stringContaining('shares') });
  });

  it('runs on the inputs that it is given', async () => {
    const seen: unknown[] = [];
    const data = new Float32Array(192).fill(0.25);
    await verify(smallModel(), {
      load,
      feed: ({ dtype, dims }) =>
        dtype === 'float32' ? { dtype, dims: dims.map(Number), data } : undefined,
      reference: {
        name: 'spy',
        run: (model, feeds) => {
          seen.push(feeds.image?.data);
          return interpreter.run(model, feeds);
        },
      },
    });
    expect(seen).toEqual([data]);
  });
});
