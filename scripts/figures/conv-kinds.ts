/**
 * The kinds of convolution side by side: which channels one output channel reads, through which
 * window, and what that costs. Everything is read off `Conv` nodes.
 */

import {
  type ConvKind,
  convKind,
  formatDims,
  GraphBuilder,
  type Node,
  optionalAttribute,
  seededTensor,
} from '@whittle/ir';
import { dimsOf, elementsOf, macsOfConv } from './costs.js';
import { beside, caption, stacked } from './drawing.js';
import { type Drawing, group, line, rect, text } from './svg.js';
import { colors, kindTints } from './theme.js';

interface Shape {
  readonly outputs: number;
  readonly groups: number;
  readonly kernel: number;
}

const shapes: readonly Shape[] = [
  { outputs: 4, groups: 1, kernel: 3 },
  { outputs: 4, groups: 2, kernel: 3 },
  { outputs: 4, groups: 4, kernel: 3 },
  { outputs: 8, groups: 4, kernel: 3 },
  { outputs: 4, groups: 1, kernel: 1 },
];

const channels = 4;
/** Rows and columns of an image. */
const size = 5;

export function drawConvKinds(): Drawing {
  return beside(shapes.map(convOf).map(drawConv), 22);
}

function convOf({ outputs, groups, kernel }: Shape): Node {
  const builder = new GraphBuilder('kinds');
  const x = builder.input('x', 'float32', [1, channels, size, size]);
  const filter = seededTensor('float32', [outputs, channels / groups, kernel, kernel], 1);
  const pads = Array<number>(4).fill((kernel - 1) / 2);
  return builder.node('Conv', [x, builder.constant(filter)], { group: groups, pads });
}

function drawConv(conv: Node): Drawing {
  const kind = convKind(conv) ?? 'regular';
  const [, filter] = conv.inputs;
  const [outputs = 0] = dimsOf(filter);
  const groups = optionalAttribute(conv, 'group', 'int') ?? 1;
  const multiplier = kind === 'depthwise' && outputs > groups ? `, × ${outputs / groups}` : '';
  const facts = [
    `W ${formatDims(dimsOf(filter))}`,
    `groups ${groups}`,
    `${elementsOf(filter)} weights`,
    `${macsOfConv(conv) / size ** 2} MACs a pixel`,
  ];
  return stacked([caption(kind + multiplier), drawChannels(conv, kind, groups), words(facts)], 8);
}

const tile = 30;
const pitch = 38;
const across = 92;

/** The channels in on the left, those out on the right, the last of them picked out. */
function drawChannels(conv: Node, kind: ConvKind, groups: number): Drawing {
  const [outputs = 0, inputsPerGroup = 0, taps = 0] = dimsOf(conv.inputs[1]);
  const outputPitch = (pitch * channels) / Math.max(channels, outputs);
  const outputTile = Math.min(tile, outputPitch - 3);
  const isPicked = (output: number): boolean => output === outputs - 1;
  const firstRead = (output: number): number =>
    Math.floor(output / (outputs / groups)) * inputsPerGroup;
  const links = range(outputs).flatMap((output) =>
    range(inputsPerGroup).map((i) => {
      const from = (firstRead(output) + i + 0.5) * pitch;
      const to = (output + 0.5) * outputPitch;
      const style = isPicked(output)
        ? { stroke: kindTints[kind].stroke, 'stroke-width': 2 }
        : { stroke: colors.frame };
      return line([tile + 2, from], [across - 2, to], style);
    }),
  );
  const inputs = range(channels).map((channel) => {
    const window = channel >= channels - inputsPerGroup ? taps : 0;
    return group(0, channel * pitch + (pitch - tile) / 2, drawImage(tile, window, kind));
  });
  const results = range(outputs).map((output) => {
    const y = output * outputPitch + (outputPitch - outputTile) / 2;
    return group(across, y, drawImage(outputTile, isPicked(output) ? 1 : 0, kind));
  });
  return {
    width: across + tile,
    height: channels * pitch,
    body: [...links, ...inputs, ...results].join('\n'),
  };
}

/** An image with a window of so many pixels in its middle. */
function drawImage(side: number, window: number, kind: ConvKind): string {
  const pixel = side / size;
  const at = ((size - window) / 2) * pixel;
  const seen = { fill: kindTints[kind].stroke };
  const thin = { stroke: colors.frame, 'stroke-width': 0.5 };
  const inner = range(size).slice(1);
  return [
    rect(0, 0, side, side, { fill: colors.ground, stroke: colors.line }),
    ...(window > 0 ? [rect(at, at, window * pixel, window * pixel, seen)] : []),
    ...inner.map((i) => line([i * pixel, 0], [i * pixel, side], thin)),
    ...inner.map((i) => line([0, i * pixel], [side, i * pixel], thin)),
  ].join('\n');
}

function words(lines: readonly string[]): Drawing {
  const style = { size: 12, mono: true } as const;
  const body = lines.map((content, i) => text(0, 12 + 16 * i, content, style)).join('\n');
  return { width: across + tile, height: 16 * lines.length, body };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
