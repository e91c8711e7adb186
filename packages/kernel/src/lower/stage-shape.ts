/** The convolutions inside of a fused kernel, as far as they are the same in every band. */

import type { Node } from '@whittle/ir';
import type { Convolution } from './convolution-shape.js';
import { countOf, inputDims, outputDims } from './index-math.js';
import type { Window } from './window.js';

/** One image; `windows` are those of the band. */
export function stageShape(
  stage: Node,
  windows: readonly Window[],
): Pick<Convolution, 'windows' | 'batch' | 'groups' | 'inputs' | 'outputs'> {
  const [outputs = 1, inputs = 1] = inputDims(stage, 1);
  const groups = (inputDims(stage, 0)[1] ?? 1) / inputs;
  return { windows, batch: 1, groups, inputs, outputs: outputs / groups };
}

/** Windows that see one pixel each. */
export function pixelWindows(spatial: readonly number[]): Window[] {
  const one = { kernel: 1, stride: 1, dilation: 1, padBefore: 0 };
  return spatial.map((dim) => ({ ...one, input: dim, output: dim }));
}

export function macsOfStage(stage: Node): number {
  const [, ...perOutput] = inputDims(stage, 1);
  return countOf(outputDims(stage, 0)) * countOf(perOutput);
}
