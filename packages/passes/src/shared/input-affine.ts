/**
 * Folding a per-channel affine map of a convolution's input into its weights.
 *
 *     W ∗ (scale · x) = (W · scale) ∗ x                 by input channel
 *     W ∗ (x + shift) = W ∗ x + Σ W · shift             where nothing is padded
 *
 * Padding stays out of the sum: the zeros around x would have to be −shift. A factor leaves them 0.
 */

import {
  type Node,
  optionalAttribute,
  type Rewriter,
  requiredAttribute,
  type Value,
} from '@whittle/ir';
import {
  areFinite,
  doublesOf,
  floatsOf,
  roundedTensor,
  tensorOfFloats,
  zerosLike,
} from './floats.js';

/** The number of channels of a convolution's input, where the filter is a constant. */
export function inputChannels(conv: Node): number | undefined {
  const perGroup = conv.inputs[1]?.constant?.dims[1];
  return perGroup === undefined ? undefined : perGroup * requiredAttribute(conv, 'group', 'int');
}

/** The convolution of `x`, its filter scaled; undefined where the filter has other readers. */
export function foldInputScale(
  conv: Node,
  x: Value,
  scale: Float64Array,
  rewriter: Rewriter,
): readonly (Value | undefined)[] | undefined {
  const filter = conv.inputs[1];
  const weights = floatsOf(filter?.constant);
  if (!filter?.constant || !weights || rewriter.useCount(filter) > 1) return undefined;
  if (!areFinite(scale)) return undefined;
  const scaled = zerosLike(weights, weights.length);
  forEachWeight(conv, filter.constant.dims, (i, _, input) => {
    scaled[i] = (weights[i] ?? 0) * (scale[input] ?? 1);
  });
  const tensor = tensorOfFloats(filter.constant.dims, scaled);
  return rewriter.update({
    inputs: [x, rewriter.constant(tensor, filter.name), ...conv.inputs.slice(2)],
  });
}

/** The convolution of `x`, its bias raised; undefined where the bias is computed, or pads count. */
export function foldInputShift(
  conv: Node,
  x: Value,
  shift: Float64Array,
  rewriter: Rewriter,
): readonly (Value | undefined)[] | undefined {
  const [, filter, bias, ...rest] = conv.inputs;
  const weights = floatsOf(filter?.constant);
  if (!filter?.constant || !weights || isPadded(conv)) return undefined;
  if (!areFinite(shift)) return undefined;
  const channels = filter.constant.dims[0] ?? 0;
  const raised = bias ? doublesOf(bias.constant) : new Float64Array(channels);
  if (raised === undefined) return undefined;
  forEachWeight(conv, filter.constant.dims, (i, output, input) => {
    raised[output] = (raised[output] ?? 0) + (weights[i] ?? 0) * (shift[input] ?? 0);
  });
  const tensor = roundedTensor(weights, [channels], raised);
  const constant = rewriter.constant(tensor, bias?.name ?? `${filter.name}_bias`);
  return rewriter.update({ inputs: [x, filter, constant, ...rest] });
}

/** Calls back with the index of each weight, its output channel and its input channel. */
function forEachWeight(
  conv: Node,
  [outputs = 0, inputsPerGroup = 0, ...kernel]: readonly number[],
  visit: (index: number, output: number, input: number) => void,
): void {
  const taps = kernel.reduce((product, size) => product * size, 1);
  const outputsPerGroup = outputs / requiredAttribute(conv, 'group', 'int');
  let index = 0;
  for (let output = 0; output < outputs; output++) {
    const firstInput = Math.floor(output / outputsPerGroup) * inputsPerGroup;
    for (let input = firstInput; input < firstInput + inputsPerGroup; input++) {
      for (let tap = 0; tap < taps; tap++) visit(index++, output, input);
    }
  }
}

function isPadded(conv: Node): boolean {
  const mode = requiredAttribute(conv, 'auto_pad', 'string');
  if (mode !== 'NOTSET') return mode !== 'VALID';
  return optionalAttribute(conv, 'pads', 'ints')?.some((pad) => pad !== 0) === true;
}
