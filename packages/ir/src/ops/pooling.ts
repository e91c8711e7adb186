/**
 * Pooling over windows or over all spatial axes. X is [N, C, ...spatial].
 */

import type { Dim } from '../dim.js';
import type { AttributeSpec, InferContext, OpRecord } from '../op-record.js';
import { requireDType, requireRankAtLeast } from './checks.js';
import { formals, int, ints, required, string } from './signature.js';
import { positives, slideWindow, windowAttributes } from './window.js';

const poolAttributes = {
  auto_pad: string('NOTSET'),
  ceil_mode: int(0),
  dilations: ints(),
  kernel_shape: required(ints()),
  pads: ints(),
  strides: ints(),
};

export const poolingOps: readonly OpRecord[] = [
  {
    name: 'MaxPool',
    since: 12,
    summary: 'the largest element of each window, and optionally where in X it is',
    inputs: formals('X'),
    outputs: formals('Y Indices?'),
    attributes: { ...poolAttributes, storage_order: int(0) },
    traits: { fusion: 'reduction' },
    infer: (context) => {
      const dims = pooledDims(context);
      const dtype = requireDType(context, 0, 'number');
      return [
        { dtype, dims },
        { dtype: 'int64', dims },
      ];
    },
  },
  windowed('AveragePool', 19, 'the mean of each window', { count_include_pad: int(0) }),
  windowed('LpPool', 18, 'the p-norm of each window', { p: int(2) }),
  overall('GlobalMaxPool', 1, 'the largest element of each channel'),
  overall('GlobalAveragePool', 1, 'the mean of each channel'),
  overall('GlobalLpPool', 2, 'the p-norm of each channel', { p: int(2) }),
];

function windowed(
  name: string,
  since: number,
  summary: string,
  attributes: Readonly<Record<string, AttributeSpec>>,
): OpRecord {
  return {
    name,
    since,
    summary,
    inputs: formals('X'),
    outputs: formals('Y'),
    attributes: { ...poolAttributes, ...attributes },
    traits: { fusion: 'reduction' },
    infer: (context) => [{ dtype: requireDType(context, 0, 'float'), dims: pooledDims(context) }],
  };
}

function overall(
  name: string,
  since: number,
  summary: string,
  attributes: Readonly<Record<string, AttributeSpec>> = {},
): OpRecord {
  return {
    name,
    since,
    summary,
    inputs: formals('X'),
    outputs: formals('Y'),
    attributes,
    traits: { fusion: 'reduction' },
    infer: (context) => {
      const dims = requireRankAtLeast(context, 0, 2);
      const dtype = requireDType(context, 0, 'float');
      return [{ dtype, dims: dims.map((dim, axis) => (axis < 2 ? dim : 1)) }];
    },
  };
}

function pooledDims(context: InferContext): readonly Dim[] {
  const dims = requireRankAtLeast(context, 0, 3);
  const spatial = dims.slice(2);
  const kernel =
    positives(context, 'kernel_shape', spatial.length) ?? context.fail('lacks its kernel_shape');
  const window = windowAttributes(context, spatial.length);
  const ceil = context.int('ceil_mode') !== 0;
  return [...dims.slice(0, 2), ...slideWindow(context, spatial, kernel, window, ceil)];
}
