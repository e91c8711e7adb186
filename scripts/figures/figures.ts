/** The figures of docs/design, as one table: those of the page's examples, and those beside. */

import type { Policy } from '@whittle/ir';
import { blockProgram, optimizedBlock } from './block-programs.js';
import { drawChannelShuffle } from './channel-shuffle.js';
import { drawConvKinds } from './conv-kinds.js';
import { drawArena } from './draw-arena.js';
import { drawSteps, figureOfExample } from './draw-example.js';
import { drawSchedule } from './draw-schedule.js';
import { beside, type Figure } from './drawing.js';
import { invertedResidualBlock } from './inverted-residual-block.js';
import { examplesOf, readPage } from './page.js';
import { drawSeparableFilters } from './separable-filters.js';
import { traceSeparable } from './trace-kernel.js';

const small = { size: 8, kernel: 3, stride: 1, bandRows: 2 };
const pair = { ...small, channels: 4 };
const block = { ...small, channels: 2, expanded: 4 };

const explanations: readonly Figure[] = [
  {
    name: 'conv-kinds',
    title: 'The kinds of convolution',
    description:
      'Four input channels and the output channels that read them. Regular: each output reads a ' +
      'window of all channels. Grouped: of the channels of its group. Depthwise: of one channel. ' +
      'Pointwise: one pixel of all channels.',
    draw: drawConvKinds,
  },
  {
    name: 'separable-filters',
    title: 'Separable filters',
    description:
      'A table of filters, outputs by channels. Each is the filter of its channel times one number, ' +
      'so all filters of a column show the same pattern.',
    draw: drawSeparableFilters,
  },
  {
    name: 'channel-shuffle',
    title: 'Channel shuffle between grouped convolutions',
    description:
      'Eight channels in two groups through two grouped convolutions. Without a shuffle each output ' +
      'depends on one group; with a shuffle between the two, on both.',
    draw: drawChannelShuffle,
  },
  {
    name: 'inverted-residual',
    title: 'An inverted residual block of MobileNetV2, as exported, folded and fused',
    description:
      'As exported it has three convolutions, three batch normalisations, two clips and a sum. ' +
      'Folded it has three convolutions, and fused one separable convolution of three stages.',
    draw: () =>
      drawSteps([
        { graph: invertedResidualBlock(), heading: 'as exported' },
        {
          graph: optimizedBlock('none'),
          heading: 'folded',
          ids: ['fold', 'and', 'fuse', 'epilogues'],
        },
        { graph: optimizedBlock('all'), heading: 'fused', ids: ['fuse-', 'separable-', 'conv'] },
      ]),
  },
  {
    name: 'band',
    title: 'The schedule of a depthwise and a pointwise convolution in one kernel',
    description:
      'Four bands, each of two output rows: the rows of the image that a band reads, two of them ' +
      'again, two rows of scratch memory, and the rows of the output.',
    draw: () => drawSchedule(pair, traceSeparable(pair)),
  },
  {
    name: 'ring',
    title: 'The schedule of an inverted residual block in one kernel',
    description:
      'Four bands, each of two output rows: the rows of the image that a band expands, each once; the ' +
      'four slots of the ring, two of them kept; two rows of scratch memory; the rows of the output.',
    draw: () => drawSchedule(block, traceSeparable(block)),
  },
  {
    name: 'arena',
    title: 'The memory of an inverted residual block over time',
    description:
      'In three kernels the expanded and the filtered tensor fill most of the arena. In one kernel ' +
      'a ring of rows and one band of scratch rows take their places.',
    draw: drawArenas,
  },
];

const page = readPage();

export const figures: readonly Figure[] = [
  ...explanations,
  ...examplesOf(page)
    .filter(({ name }) => page.includes(`(figures/${name}.svg)`))
    .map(figureOfExample),
];

function drawArenas() {
  const ways: readonly (readonly [string, Policy])[] = [
    ['three kernels', 'none'],
    ['one kernel', 'all'],
  ];
  const programs = ways.map(([heading, fuse]) => ({ heading, program: blockProgram(fuse) }));
  const bytes = Math.max(...programs.map(({ program }) => program.arena.bytes));
  return beside(
    programs.map(({ heading, program }) => drawArena(heading, program, { bytes, height: 260 })),
    30,
  );
}
