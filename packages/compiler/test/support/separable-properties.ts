/**
 * The property that the tests of the separable family show of each kind of case: however it is laid
 * out, fused and split, it gives what onnxruntime gives. `WHITTLE_SEPARABLE_CASES=20000` runs more
 * cases of all kinds, and `WHITTLE_SEPARABLE_SEED=17` one of them.
 */

import { describe, expect, it } from 'vitest';
import { checkCases } from './check-separable.js';
import { explainFailure } from './explain-failure.js';
import { randomSeparableCase } from './random-separable.js';
import { kindOfSeed, type SeparableKind } from './separable-case.js';
import { SeparableCoverage } from './separable-coverage.js';
import { tuningOf } from './separable-ways.js';

const { WHITTLE_SEPARABLE_CASES = '2000', WHITTLE_SEPARABLE_SEED } = process.env;
const isAlone = WHITTLE_SEPARABLE_SEED !== undefined;
const allSeeds = isAlone
  ? [Number(WHITTLE_SEPARABLE_SEED)]
  : Array.from({ length: Number(WHITTLE_SEPARABLE_CASES) }, (_, seed) => seed);

export function showSeparableProperties(kind: SeparableKind): void {
  const seeds = allSeeds.filter((seed) => kindOfSeed(seed) === kind);
  const coverage = new SeparableCoverage();

  describe(`random cases, ${kind}`, () => {
    it.each(batchesOf(seeds))('give what onnxruntime gives: seeds $seeds', async (batch) => {
      const cases = batch.seeds.map(randomSeparableCase);
      const { problems, prepared } = await checkCases(cases);
      if (problems.length > 0) expect.fail(await explainFailure(cases, problems));
      const forbidden = prepared.filter(({ way }) => way.policy === 'none');
      const ops = forbidden.flatMap(({ graph }) => graph.nodes.map(({ op }) => op));
      expect(ops).not.toContain('SeparableConv');
      coverage.add(cases, prepared);
    });

    it.skipIf(seeds.length < fewest)('hold what they are to hold', () => {
      const counts = coverage.countsOf(kind);
      const lines = counts.map(({ trait, count, least }) => `${count} (≥ ${least}) ${trait}`);
      console.info(`${seeds.length} cases, ${kind}:\n  ${lines.join('\n  ')}`);
      expect(counts.filter(({ count, least }) => count < least)).toEqual([]);
    });
  });
}

/** Of fewer cases than these, no share is certain. */
const fewest = 200;
/** Many enough to share the cost of a module, few enough for a failure to be found among them. */
const batchSize = 20;

/** Cases that are fused and split for the same target run together. */
function batchesOf(seeds: readonly number[]): readonly { readonly seeds: readonly number[] }[] {
  return [...new Set(seeds.map(tuningOf))].flatMap((tuning) => {
    const alike = seeds.filter((seed) => tuningOf(seed) === tuning);
    return Array.from({ length: Math.ceil(alike.length / batchSize) }, (_, i) => ({
      seeds: alike.slice(i * batchSize, (i + 1) * batchSize),
    }));
  });
}
