/** Whittle: the emitted module, as a page imports it. */

import type { PageEngine } from './page-engine.js';

export const whittleEngine: PageEngine = {
  id: 'whittle-wgsl',
  importCode: async ({ module: address, inputName, outputName }) => {
    if (address === undefined) throw new Error('The compiler has no target wgsl.');
    const module: EmittedModule = await import(address);
    return {
      title: 'Whittle wgsl',
      create: async () => {
        const model = await module.load();
        return {
          layout: 'NCHW',
          run: async (image) => {
            const scores = (await model.run({ [inputName]: image }))[outputName]?.data;
            if (scores instanceof Float32Array) return scores;
            throw new Error(`The module gives no float32 output "${outputName}".`);
          },
          createAgain: async (device) => (await module.load({ device })).dispose(),
          dispose: () => model.dispose(),
        };
      },
    };
  },
};

interface EmittedModule {
  load(options?: { readonly device: object }): Promise<EmittedModel>;
}

interface EmittedModel {
  run(feeds: Readonly<Record<string, Float32Array>>): Promise<Results>;
  dispose(): void;
}

type Results = Readonly<Record<string, { readonly data: unknown }>>;
