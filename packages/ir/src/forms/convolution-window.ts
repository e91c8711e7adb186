/** Strides, dilations and padding as attributes of `Conv`; what has its default is left out. */

import type { AttributeLiterals } from '../attributes.js';
import { type Dim, isBound } from '../dim.js';
import type { ConvolutionOptions, Padding, PerAxis } from './convolution-options.js';
import type { FormContext } from './form-context.js';
import { samePadding } from './same-padding.js';

/**
 * `size` and `kernel` have one dim for each spatial axis.
 * @throws {CompilerError} `E_INVALID_GRAPH` for numbers that are no strides, dilations or padding.
 */
export function windowAttributes(
  context: FormContext,
  size: readonly Dim[],
  kernel: readonly Dim[],
  options: Pick<ConvolutionOptions, 'strides' | 'padding' | 'dilations'>,
): AttributeLiterals {
  const strides = perAxis(context, 'strides', options.strides ?? 1);
  const dilations = perAxis(context, 'dilations', options.dilations ?? 1);
  const axes = size.map((dim, axis) => ({
    size: dim,
    kernel: kernel[axis] ?? 1,
    stride: strides[axis] ?? 1,
    dilation: dilations[axis] ?? 1,
  }));
  return {
    strides: strides.some((stride) => stride > 1) ? strides : undefined,
    dilations: dilations.some((dilation) => dilation > 1) ? dilations : undefined,
    ...paddingAttributes(context, axes, options.padding ?? 'VALID'),
  };
}

interface Axis {
  readonly size: Dim;
  readonly kernel: Dim;
  readonly stride: number;
  readonly dilation: number;
}

function perAxis(context: FormContext, option: string, given: PerAxis): readonly number[] {
  const { spatialRank } = context;
  const values = typeof given === 'number' ? Array<number>(spatialRank).fill(given) : given;
  if (values.length !== spatialRank) {
    context.fail(
      `has ${option} [${values.join(', ')}] where ${spatialRank} are needed`,
      'Write one number for each spatial axis, or one for all; batch and channels have none.',
    );
  }
  for (const value of values) {
    if (!Number.isSafeInteger(value) || value < 1) {
      context.fail(`has ${value} among its ${option}`, 'They are whole numbers above 0.');
    }
  }
  return values;
}

function paddingAttributes(
  context: FormContext,
  axes: readonly Axis[],
  padding: Padding,
): AttributeLiterals {
  if (padding === 'VALID') return {};
  const pairs = padding === 'SAME' ? axes.map(samePaddingOf) : explicitPadding(context, padding);
  const known = pairs.flatMap((pair) => (pair === undefined ? [] : [pair]));
  if (known.length < axes.length) return { auto_pad: 'SAME_UPPER' };
  const pads = [...known.map(([before]) => before), ...known.map(([, after]) => after)];
  return { pads: pads.some((pad) => pad > 0) ? pads : undefined };
}

function samePaddingOf({ size, kernel, stride, dilation }: Axis) {
  return isBound(kernel) ? samePadding(size, { kernel, stride, dilation }) : undefined;
}

function explicitPadding(
  context: FormContext,
  padding: Exclude<Padding, string>,
): Exclude<Padding, string> {
  const { spatialRank } = context;
  const hint = `Write 'SAME', 'VALID' or ${spatialRank} pairs [before, after], one for each spatial axis.`;
  // Callers in plain JavaScript can pass anything, such as the 'same' of Keras.
  if (!Array.isArray(padding)) {
    return context.fail(`has padding ${JSON.stringify(padding)}, which is none`, hint);
  }
  const isPairs = padding.every((pair) => Array.isArray(pair) && pair.length === 2);
  if (padding.length !== spatialRank || !isPairs) {
    context.fail(`has padding ${JSON.stringify(padding)}, not ${spatialRank} pairs`, hint);
  }
  for (const pad of padding.flat()) {
    if (!Number.isSafeInteger(pad) || pad < 0) {
      context.fail(`has ${pad} in its padding`, 'They are whole numbers, none below 0.');
    }
  }
  return padding;
}
