/** Spectra of signals, and the windows and weights that go with them. */

import {
  addDims,
  type Dim,
  floorDivDims,
  isBound,
  mulDims,
  productOfDims,
  subDims,
} from '../dim.js';
import { dtypeFromCode } from '../dtype.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { dimAt, requireDType, requireRank, requireRankAtLeast, requireSameDim } from './checks.js';
import { formals, int } from './signature.js';

export const signalOps: readonly OpRecord[] = [
  {
    name: 'DFT',
    since: 20,
    summary: 'the discrete Fourier transform along one axis, or its inverse',
    inputs: formals('input dft_length? axis?'),
    outputs: formals('output'),
    attributes: { inverse: int(0), onesided: int(0) },
    traits: { fusion: 'opaque' },
    hint: 'DFT is compiled where dims, length and axis are known, for lengths that are no large primes.',
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      const dims = requireRankAtLeast(context, 0, 2);
      const last = dims.length - 1;
      const written = context.has(2) ? scalarOf(context, 2) : -2;
      if (written === undefined || !isBound(written)) {
        return [{ dtype, dims: dims.map((_, axis) => context.unknownDim(axis)) }];
      }
      const axis = context.axis(written, dims.length);
      if (axis === last) context.fail('transforms its axis of real and imaginary parts');
      const isOneSided = context.int('onesided') !== 0;
      const isInverse = context.int('inverse') !== 0;
      const own = dimAt(context, dims, axis);
      const whole = isOneSided && isInverse ? mulDims(subDims(own, 1), 2) : own;
      const length = context.has(1) ? (scalarOf(context, 1) ?? context.unknownDim(axis)) : whole;
      const bins = isOneSided && !isInverse ? halfOf(length) : length;
      return [
        { dtype, dims: [...dims].with(axis, bins).with(last, isOneSided && isInverse ? 1 : 2) },
      ];
    },
  },
  {
    name: 'STFT',
    since: 17,
    summary: 'the discrete Fourier transform of each frame of a signal, windowed',
    inputs: formals('signal frame_step window? frame_length?'),
    outputs: formals('output'),
    attributes: { onesided: int(1) },
    traits: { fusion: 'opaque' },
    hint: 'STFT is compiled where frame_step and frame_length are known.',
    infer: (context) => {
      const dtype = requireDType(context, 0, 'float');
      const [batch = 1, samples = 0] = requireRankAtLeast(context, 0, 2);
      const length = frameLength(context, samples);
      const step = scalarOf(context, 1);
      if (step !== undefined && isBound(step) && step < 1) context.fail(`has frame_step ${step}`);
      const frames =
        step === undefined || length === undefined
          ? context.unknownDim(1)
          : addDims(floorDivDims(subDims(samples, length), step), 1);
      const whole = length ?? context.unknownDim(2);
      const bins = context.int('onesided') === 0 ? whole : halfOf(whole);
      return [{ dtype, dims: [batch, frames, bins, 2] }];
    },
  },
  window('HannWindow', '½ - ½ cos(2πn / N)'),
  window('HammingWindow', '25/46 - 21/46 cos(2πn / N)'),
  window('BlackmanWindow', '0.42 - ½ cos(2πn / N) + 0.08 cos(4πn / N)'),
  {
    name: 'MelWeightMatrix',
    since: 17,
    summary: 'the share that each bin of a spectrum has in each band of the mel scale',
    inputs: formals('num_mel_bins dft_length sample_rate lower_edge_hertz upper_edge_hertz'),
    outputs: formals('output'),
    attributes: { output_datatype: int(1) },
    traits: { fusion: 'opaque' },
    hint: 'MelWeightMatrix is compiled where all of its inputs are constant.',
    infer: (context) => {
      const bands = scalarOf(context, 0) ?? context.unknownDim(1);
      const length = scalarOf(context, 1);
      const bins = length === undefined ? context.unknownDim(0) : halfOf(length);
      return [{ dtype: outputType(context), dims: [bins, bands] }];
    },
  },
  {
    name: 'ReverseSequence',
    since: 10,
    summary: 'the first elements of each sequence in reverse order, as many as its length says',
    inputs: formals('input sequence_lens'),
    outputs: formals('Y'),
    attributes: { batch_axis: int(1), time_axis: int(0) },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const { dtype, dims } = context.input(0);
      requireRankAtLeast(context, 0, 2);
      const batch = context.axis(context.int('batch_axis'), dims.length);
      const time = context.axis(context.int('time_axis'), dims.length);
      if (batch === time) context.fail(`has axis ${batch} for both sequences and time`);
      const [lengths = 0] = requireRank(context, 1, 1);
      requireSameDim(context, lengths, dimAt(context, dims, batch), 'numbers of sequences');
      return [{ dtype, dims }];
    },
  },
];

function window(name: string, formula: string): OpRecord {
  return {
    name,
    since: 17,
    summary: `${formula}, where N is the size, or one less if the window is not periodic`,
    inputs: formals('size'),
    outputs: formals('output'),
    attributes: { output_datatype: int(1), periodic: int(1) },
    traits: { fusion: 'opaque' },
    hint: 'Windows are compiled where their size is constant.',
    infer: (context) => [
      { dtype: outputType(context), dims: [scalarOf(context, 0) ?? context.unknownDim(0)] },
    ],
  };
}

/** How many bins of a spectrum of a real signal are no mirror images of others. */
function halfOf(length: Dim): Dim {
  return addDims(floorDivDims(length, 2), 1);
}

function outputType(context: InferContext) {
  const code = context.int('output_datatype');
  return dtypeFromCode(code) ?? context.fail(`has output_datatype ${code}, which is not known`);
}

/** What inputs 2 and 3 say; the whole signal, where both are left out. */
function frameLength(context: InferContext, samples: Dim): Dim | undefined {
  const [ofWindow] = context.has(2) ? requireRank(context, 2, 1) : [];
  if (!context.has(3)) return ofWindow ?? samples;
  const length = scalarOf(context, 3);
  if (ofWindow === undefined || length === undefined) return ofWindow ?? length;
  return requireSameDim(context, ofWindow, length, 'lengths of window and frame');
}

/** The one element of an integer input, where it is known. */
function scalarOf(context: InferContext, index: number): Dim | undefined {
  requireDType(context, index, 'index');
  if (productOfDims(context.input(index).dims) !== 1) {
    context.fail(`takes a scalar as input ${index}`);
  }
  return context.elements(index)?.[0];
}
