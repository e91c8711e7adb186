import { interpretProgram } from '@whittle/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseFrom, randomProgram } from '../../kernel/test/random-program.js';
import { emitJsModule } from '../src/index.js';
import { loadModel } from './load-module.js';

it('computes, to the bit, what the interpreter computes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const { program, feeds } = randomProgram(chooseFrom(g), { control: true });
      const expected = interpretProgram(program, feeds);
      const model = await loadModel(await emitJsModule(program, { stem: 'random', inline: false }));
      expect(model.run(feeds)).toEqual(expected);
      // The arena keeps the last run's values, which must not show.
      expect(model.run(feeds)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
