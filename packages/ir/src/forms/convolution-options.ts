/**
 * What the convolution forms of `GraphBuilder` can be asked for, in TensorFlow's words.
 *
 * Source: the reference of `tf.nn.convolution`, `tf.nn.depthwise_conv2d` and
 * `tf.nn.separable_conv2d`.
 */

import type { Value } from '../graph.js';
import type { Activation } from './activations.js';

/** The number of spatial axes: sequences, images, volumes. */
export type SpatialRank = 1 | 2 | 3;

/** The orders in which the axes of images may come, channels last (the default) or first. */
export interface DataFormats {
  readonly 1: 'NWC' | 'NCW';
  readonly 2: 'NHWC' | 'NCHW';
  readonly 3: 'NDHWC' | 'NCDHW';
}

/** One whole number for every spatial axis, or one for each, in the order of the axes. */
export type PerAxis = number | readonly number[];

/**
 * `'SAME'` gives `ceil(size / stride)` positions along each axis, by TensorFlow's rule
 * (`samePadding`); `'VALID'` pads nothing; pairs are the zeros before and behind each spatial axis,
 * for images `[[top, bottom], [left, right]]`.
 */
export type Padding = 'SAME' | 'VALID' | readonly (readonly [before: number, after: number])[];

export interface ConvolutionOptions<Rank extends SpatialRank = SpatialRank> {
  /** How far the window moves from one output position to the next. Default: 1. */
  readonly strides?: PerAxis;
  /** Default: `'VALID'`. */
  readonly padding?: Padding;
  /**
   * How far apart the taps of a filter are, TensorFlow's `rate`. Default: 1. TensorFlow refuses
   * dilations and strides that are both above 1; here they go together.
   */
  readonly dilations?: PerAxis;
  /** The order of the axes of the input and of the result. Default: channels last. */
  readonly dataFormat?: DataFormats[Rank];
  /** `[channels out]`, added to each position. */
  readonly bias?: Value;
  /** What is applied to the sum, bias included. Default: nothing. */
  readonly activation?: Activation;
  /** Names the result and the node. Default: the result is named after the form. */
  readonly name?: string;
}

export interface GroupConvolutionOptions<Rank extends SpatialRank = SpatialRank>
  extends ConvolutionOptions<Rank> {
  /** Into how many groups of neighbours the channels are cut, each convolved by itself. Default: 1. */
  readonly groups?: number;
}

/** Strides, padding and dilations are those of the depthwise half; bias and activation are last. */
export interface SeparableConvolutionOptions<Rank extends SpatialRank = SpatialRank>
  extends ConvolutionOptions<Rank> {
  /** `[channels in * multiplier]`, added between the two halves. */
  readonly depthwiseBias?: Value;
  /** What is applied between the two halves. Default: nothing, as in TensorFlow. */
  readonly depthwiseActivation?: Activation;
}
