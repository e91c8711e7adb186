/**
 * Ops whose form has changed: the forms of each from the newest to the oldest worth writing.
 *
 * Source: the version sections of each op in the ONNX operator changelog.
 */

import { isFloat, type Node } from '@whittle/ir';
import { geluByErf, geluByTanh, hardSwishByHardSigmoid, mishByTanh } from './composed-forms.js';
import {
  type Form,
  integersAsAttributes,
  only,
  says,
  unchanged,
  withoutAttributes,
} from './form.js';
import { layerNormalizationByParts } from './layer-normalization-parts.js';
import {
  clipByAttributes,
  dftByAxis,
  overTwoAxes,
  padByAttributes,
  padByInputs,
  splitByAttribute,
  splitByOutputs,
} from './operand-forms.js';
import { resizeForms } from './resize-forms.js';
import { gridSampleForms, roiAlignForms } from './sampling-forms.js';

const reductions = [
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceProd',
  'ReduceSumSquare',
];

// biome-ignore format: a table
export const olderForms: ReadonlyMap<string, readonly Form[]> = new Map<string, readonly Form[]>([
  ...reductions.map((op): [string, readonly Form[]] => [op, [unchanged(18), axesAttribute(1)]]),
  ['ReduceSum', [unchanged(13), axesAttribute(1)]],
  ['ArgMax', [unchanged(12), lacking(11, ['select_last_index', 0])]],
  ['ArgMin', [unchanged(12), lacking(11, ['select_last_index', 0])]],
  ['Squeeze', [unchanged(13), integersAsAttributes(1, 'axes')]],
  ['Unsqueeze', [unchanged(13), integersAsAttributes(1, 'axes')]],
  ['Slice', [unchanged(10), integersAsAttributes(1, 'starts', 'ends', 'axes')]],
  ['Split', [unchanged(18), { since: 13, write: splitByOutputs }, { since: 2, write: splitByAttribute }]],
  ['Pow', [unchanged(12), only(isOfOneFloat, unchanged(7))]],
  ['Clip', [unchanged(12), only(isOfOneFloat, unchanged(11)), { since: 6, write: clipByAttributes }]],
  ['Pad', [unchanged(19), { since: 11, write: padByInputs }, { since: 2, write: padByAttributes }]],
  ['Reshape', [unchanged(14), lacking(5, ['allowzero', 0])]],
  ['Shape', [unchanged(15), only((node) => !node.attributes.end, lacking(1, ['start', 0]))]],
  ['Resize', resizeForms],

  ['Softmax', [unchanged(13), { since: 1, write: overTwoAxes }]],
  ['LogSoftmax', [unchanged(13), { since: 1, write: overTwoAxes }]],
  ['Hardmax', [unchanged(13), { since: 1, write: overTwoAxes }]],
  ['BatchNormalization', [unchanged(14), lacking(9, ['training_mode', 0])]],
  ['GroupNormalization', [unchanged(21)]],
  ['LayerNormalization', [unchanged(17), { since: 7, write: layerNormalizationByParts }]],
  ['Dropout', [unchanged(12), only(isIdentity, unchanged(7, () => true, 'seed'))]],
  ['Gemm', [unchanged(11), only((node) => node.inputs[2] !== undefined, unchanged(7))]],

  ['MaxPool', [unchanged(10), lacking(8, ['ceil_mode', 0], ['dilations', 1])]],
  ['AveragePool', [unchanged(19), lacking(10, ['dilations', 1]), lacking(7, ['ceil_mode', 0], ['dilations', 1])]],
  ['LpPool', [unchanged(18), lacking(2, ['ceil_mode', 0], ['dilations', 1])]],

  ['Cast', [unchanged(19), lacking(9, ['saturate', 1])]],
  ['CastLike', [unchanged(19), lacking(15, ['saturate', 1])]],
  ['DepthToSpace', [unchanged(11), lacking(1, ['mode', 'DCR'])]],
  ['GatherND', [unchanged(12), lacking(11, ['batch_dims', 0])]],
  ['ScatterElements', [unchanged(18), lacking(11, ['reduction', 'none'])]],
  ['ScatterND', [unchanged(18), lacking(11, ['reduction', 'none'])]],

  ['GridSample', gridSampleForms],
  ['RoiAlign', roiAlignForms],

  ...['LSTM', 'GRU', 'RNN'].map((op): [string, readonly Form[]] => [op, [unchanged(14), lacking(7, ['layout', 0])]]),
  ['DFT', [unchanged(20), { since: 17, write: dftByAxis }]],

  ['Gelu', [unchanged(20), { since: 9, write: geluByErf }, { since: 7, write: geluByTanh }]],
  ['HardSwish', [unchanged(14), { since: 6, write: hardSwishByHardSigmoid }]],
  ['Mish', [unchanged(18), { since: 7, write: mishByTanh }]],
]);

/** Whether all inputs are floats of one type. */
function isOfOneFloat(node: Node): boolean {
  const [first] = node.inputs;
  if (first?.type === undefined || !isFloat(first.type.dtype)) return false;
  const { dtype } = first.type;
  return node.inputs.every((input) => input === undefined || input.type?.dtype === dtype);
}

/** A Dropout that does not train, and whose mask nobody asks for. */
function isIdentity(node: Node): boolean {
  return node.inputs.length === 1 && node.outputs[1] === undefined;
}

/** The form from before some attributes, for nodes where these say what went without saying. */
function lacking(
  since: number,
  ...attributes: readonly (readonly [string, number | string])[]
): Form {
  const plain = attributes.map(([name]) => name);
  return unchanged(
    since,
    (node) => !attributes.some(([name, value]) => says(node, name, value)),
    ...plain,
  );
}

/** Reductions took no axes to mean all, without a choice. */
function axesAttribute(since: number): Form {
  const { write } = integersAsAttributes(since, 'axes');
  return {
    since,
    write: (node) =>
      says(node, 'noop_with_empty_axes', 0) && node.inputs[1] === undefined
        ? undefined
        : write(withoutAttributes(node, 'noop_with_empty_axes')),
  };
}
