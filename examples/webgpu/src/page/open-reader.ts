/** Reads a line of text with two compiled networks on one device: which way up it is, and what it says. */

import { fitPicture } from './fit-picture.js';
import { type Place, readLabels, readScores, type Scored } from './read-scores.js';

/** What the compiler emits, as far as this page goes. */
interface EmittedModule {
  readonly inputs: readonly { readonly name: string; readonly dims: readonly number[] }[];
  readonly outputs: readonly { readonly name: string }[];
  load(options: { readonly device: GPUDevice }): Promise<EmittedModel>;
}

interface EmittedModel {
  run(
    feeds: Readonly<Record<string, Float32Array>>,
  ): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
  warmup(): Promise<void>;
}

interface Network {
  /** Of the image it takes. */
  readonly width: number;
  /** From the import of the module until a first run has gone through. */
  readonly loadMilliseconds: number;
  run(feed: Float32Array): Promise<Run>;
}

interface Run {
  readonly scores: Float32Array;
  /** From the feed in memory to the scores in memory. */
  readonly milliseconds: number;
}

export interface Reading {
  /** Upright and upside down, the more probable first. */
  readonly directions: readonly Scored[];
  readonly places: readonly Place[];
  /** The image that the recogniser saw. */
  readonly seen: HTMLCanvasElement;
  readonly milliseconds: NetworkTimes;
}

export interface NetworkTimes {
  readonly direction: number;
  readonly recognition: number;
}

export interface Reader {
  readonly loadMilliseconds: NetworkTimes;
  read(picture: HTMLCanvasElement): Promise<Reading>;
}

export async function openReader(device: GPUDevice): Promise<Reader> {
  // One after the other, so that the time of each is its own.
  const direction = await openNetwork('/models/direction.js', device);
  const recognition = await openNetwork('/models/recognition.js', device);
  const labels = readLabels(await (await fetch('/models/characters.txt')).text());
  return {
    loadMilliseconds: {
      direction: direction.loadMilliseconds,
      recognition: recognition.loadMilliseconds,
    },
    read: async (picture) => {
      const { width } = direction;
      const way = await direction.run(fitPicture(picture, { width, upsideDown: false }));
      const [upright = 0, turned = 0] = way.scores;
      const directions = [
        { label: 'Upright', probability: upright },
        { label: 'Upside down', probability: turned },
      ].sort((a, b) => b.probability - a.probability);
      const seen = document.createElement('canvas');
      const fit = { width: recognition.width, upsideDown: turned > upright };
      const text = await recognition.run(fitPicture(picture, fit, seen));
      return {
        directions,
        places: readScores(text.scores, labels),
        seen,
        milliseconds: { direction: way.milliseconds, recognition: text.milliseconds },
      };
    },
  };
}

async function openNetwork(path: string, device: GPUDevice): Promise<Network> {
  const start = performance.now();
  const { inputs, outputs, load }: EmittedModule = await import(path);
  const model = await load({ device });
  await model.warmup();
  const loadMilliseconds = performance.now() - start;
  const [{ name: input, dims } = { name: '', dims: [] }] = inputs;
  const [{ name: output } = { name: '' }] = outputs;
  return {
    width: dims[3] ?? 0,
    loadMilliseconds,
    run: async (feed) => {
      const from = performance.now();
      const { [output]: result } = await model.run({ [input]: feed });
      const milliseconds = performance.now() - from;
      if (result === undefined) throw new Error(`The module ${path} gave no ${output}.`);
      return { scores: result.data, milliseconds };
    },
  };
}
