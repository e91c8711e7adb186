import { describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import {
  interpreterReference,
  type Reference,
  type RunnableModel,
  targetNames,
  type VerifyOptions,
  verify,
} from '../src/index.js';
import { smallModel } from './support/small-model.js';

const load: VerifyOptions['load'] = async (files) => (await loadModel(files)) as RunnableModel;
const interpreter = interpreterReference();

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

describe('verify', () => {
  it.each(targetNames)('finds that %s agrees with the interpreter', async (target) => {
    const verification = await verify(smallModel(), { target, reference: interpreter, load });
    expect(verification).toMatchObject({ agrees: true, target, reference: 'interpreter' });
    expect(verification.outputs).toMatchObject([{ name: 'scores', agrees: true, elements: 5 }]);
    expect(verification.difference).toBeUndefined();
  });

  it.each(targetNames)('names the first node that differs, on %s', async (target) => {
    const reference = brokenAt(['pointwise', 'pooled', 'scores']);
    const options = { target, reference, load, fuse: 'none' } as const;
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
