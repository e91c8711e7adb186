/**
 * ConvInteger and QLinearConv: sums in int32 of products of what is left when the zero points are taken
 * away, so that padding is zeros whatever the zero point is. Both sides are packed in pairs
 * (`halves-in-words.ts`), the image in each run, and the weights once if they are constant; the loops are
 * those of any other convolution.
 */

import { type Node, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, index, literal, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { nestLoops } from '../schedule/nest-loops.js';
import { forTiles } from '../schedule/nest-tiles.js';
import { origin } from './axis-loops.js';
import { mergePixels } from './convolution.js';
import type { Convolution, Memory, Sums } from './convolution-shape.js';
import { writeDepthwise } from './depthwise.js';
import { fillHalo } from './fill-halo.js';
import { writeGroups } from './grouped-convolution.js';
import { overPairs, wordsOf } from './halves-in-words.js';
import { countOf, inputDims } from './index-math.js';
import { packTapPairs, pairTaps, writePixelPairs } from './integer-depthwise.js';
import { type PackWeights, weightPacker } from './integer-weights.js';
import { placeOfWeight } from './pack-filter.js';
import { isOne, lessZero } from './quantization.js';
import { requantizer } from './quantized-parameters.js';
import type { KernelContext, LoweringRule, Operand } from './rule.js';
import { tailsOnlyInBatch } from './tails.js';
import { haloOfWindows, type Window, windowsOf } from './window.js';

/** Which inputs are what. */
interface Inputs {
  readonly zero: number;
  readonly filter: number;
  readonly filterZero: number;
  /** Of quantized results. */
  readonly requantize?: true;
}

export const integerConvolutionRules: Readonly<Record<string, LoweringRule>> = {
  ConvInteger: ruleOf({ zero: 2, filter: 1, filterZero: 3 }),
  QLinearConv: ruleOf({ zero: 2, filter: 3, filterZero: 5, requantize: true }),
};

function ruleOf(inputs: Inputs): LoweringRule {
  return {
    layout: 'channels-last',
    allowsTails: tailsOnlyInBatch,
    reads: (node, input) => (input === 0 && !isDepthwise(node, inputs.filter) ? 'once' : 'many'),
    kernel: (context) => writeIntegerConvolution(context, inputs),
  };
}

function writeIntegerConvolution(context: KernelContext, inputs: Inputs): void {
  const x = context.operand(0);
  const [outputs = 1, depth = 1, ...kernel] = context.inputDims(inputs.filter);
  const output = context.destination(0);
  const groups = optionalAttribute(context.node, 'group', 'int') ?? 1;
  const windows = windowsOf(context.node, x.dims, output.dims, kernel);
  context.macs(countOf(output.dims) * countOf(kernel) * depth);
  const zero = context.has(inputs.zero) ? oneParameter(context, inputs.zero) : undefined;
  const of = { weights: inputs.filter, zero: inputs.filterZero };
  const pack = weightPacker(context, of, (block, [channel = index(0)]) =>
    parameterAt(context, block, inputs.filterZero, channel),
  );
  const shape = { windows, groups, inputs: wordsOf(depth), outputs: outputs / groups };
  const sums: Pick<Sums, 'term' | 'init' | 'finish'> = {
    ...endsOf(context, inputs),
    term: (a, b) => binary('dot16', a, b),
  };
  const rest = { batch: x.dims[0] ?? 1, output, residual: undefined };
  if (isDepthwise(context.node, inputs.filter)) {
    writeDepthwise(context, {
      ...shape,
      ...rest,
      windows: pairTaps(windows),
      input: writePixelPairs(context, x, zero, windows),
      sums: { ...sums, taps: (width) => packTapPairs(pack, groups, windows, width) },
    });
  } else {
    const convolution: Convolution = {
      ...shape,
      ...rest,
      input: writeImage(context, x, zero, groups, windows),
      sums: {
        ...sums,
        weights: (seen, width) => packWeights(pack, { ...shape, depth, seen }, width),
      },
    };
    writeGroups(context, mergePixels(convolution));
  }
}

/** Whether each channel has one filter of its own. */
function isDepthwise(node: Node, filter: number): boolean {
  const groups = optionalAttribute(node, 'group', 'int') ?? 1;
  const [outputs, depth] = inputDims(node, filter);
  return groups > 1 && depth === 1 && outputs === groups;
}

/** The image as words of pairs of channels of a group, with zeros where windows see padding. */
function writeImage(
  context: KernelContext,
  x: Operand,
  zero: Expr | undefined,
  groups: number,
  windows: readonly Window[],
): Memory {
  const [batch = 1, channels = 1, ...spatial] = x.dims;
  const inGroup = channels / groups;
  const words = wordsOf(inGroup);
  const halo = haloOfWindows(windows);
  const image = context.scratch('q', [batch, groups * words, ...spatial], halo, 'int32');
  const { block } = context;
  nestLoops(block, [batch, ...spatial, groups], (inner, at) => {
    const [n = index(0), ...place] = at.slice(0, -1);
    const g = at.at(-1) ?? index(0);
    overPairs(
      inner,
      inGroup,
      (deeper, k) => {
        const channel = add(mul(g, index(inGroup)), k);
        return lessZero(x.read(deeper, [n, channel, ...place]), zero);
      },
      (deeper, k, word) => {
        image.store(deeper, [n, add(mul(g, index(words)), k), ...place], word);
      },
    );
  });
  fillHalo(block, image, halo);
  return image;
}

/** The one number that an input is. */
function oneParameter(context: KernelContext, input: number): Expr {
  const operand = context.operand(input);
  return operand.read(context.block, origin(operand.dims));
}

/** A parameter of an output channel: there is one, or one for each. */
function parameterAt(context: KernelContext, block: Block, input: number, channel: Expr): Expr {
  const operand = context.operand(input);
  return operand.read(block, isOne(operand) ? origin(operand.dims) : [channel]);
}

interface FilterShape extends Pick<Convolution, 'windows' | 'groups' | 'inputs' | 'outputs'> {
  /** Input channels of a group; `inputs` are words. */
  readonly depth: number;
  /** The windows of whoever reads: of a pointwise convolution, pixels may lie on one axis. */
  readonly seen: readonly Window[];
}

/** The weights as words in panels of `width` channels. */
function packWeights(
  pack: PackWeights,
  shape: FilterShape,
  width: number,
): ReturnType<NonNullable<Sums['weights']>> {
  const { windows, groups, inputs, outputs, depth, seen } = shape;
  const placeOf = placeOfWeight(shape, width);
  const placeSeen = placeOfWeight({ ...shape, windows: seen }, width);
  const taps = windows.map(({ kernel }) => kernel);
  const length = groups * Math.ceil(outputs / width) * countOf(taps) * inputs * width;
  const param = pack(length, (block, read, to) =>
    block.for('g', groups, (perGroup, g) =>
      forTiles(perGroup, 'o', outputs, width, (perPanel, { start, count }) =>
        nestLoops(perPanel, [...taps, count], (inner, at) => {
          const [tap, column] = [at.slice(0, -1), at.at(-1) ?? index(0)];
          const channel = add(mul(g, index(outputs)), add(start, column));
          overPairs(
            inner,
            depth,
            (deeper, k) => read(deeper, [channel, k, ...tap]),
            (deeper, k, word) => deeper.store(to, placeOf(g, start, column, [...tap, k]), word),
          );
        }),
      ),
    ),
  );
  return (_, ...at) => load(param, 'int32', placeSeen(...at));
}

const bias = 8;

/** What sums begin with, and what becomes of them. */
function endsOf(context: KernelContext, { requantize }: Inputs): Pick<Sums, 'init' | 'finish'> {
  if (requantize === undefined) {
    return { init: () => literal('int32', 0), finish: (_block, _channel, sum) => sum };
  }
  const finish = requantizer(context, { scales: [1, 4, 6], zero: 7 });
  return {
    init: (block, channel) =>
      context.has(bias) ? context.operand(bias).read(block, [channel]) : literal('int32', 0),
    finish: (block, channel, sum) =>
      finish(block, sum, channel, (inner, input) => parameterAt(context, inner, input, channel)),
  };
}
