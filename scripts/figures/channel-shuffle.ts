/**
 * What a channel shuffle is for: two grouped convolutions, without and with one between them, and
 * which groups of the input each channel depends on in the end.
 */

import { jsCapabilities } from '@whittle/codegen-js';
import { GraphBuilder, int64Tensor } from '@whittle/ir';
import { interpretProgram, lowerGraph } from '@whittle/kernel';
import { beside, caption, stacked } from './drawing.js';
import { type Drawing, group, line, rect, text } from './svg.js';
import { colors } from './theme.js';

const channels = 8;
const groups = 2;
const perGroup = channels / groups;
const size = 20;
const pitch = 26;
const across = 84;

export function drawChannelShuffle(): Drawing {
  const inOrder = Array.from({ length: channels }, (_, channel) => channel);
  return beside(
    [drawLayers('without a shuffle', inOrder), drawLayers('with a shuffle', shuffledChannels())],
    56,
  );
}

/** Where each channel of a shuffled image comes from, as the ops of the graph move it. */
function shuffledChannels(): readonly number[] {
  const builder = new GraphBuilder('shuffle');
  const x = builder.input('x', 'float32', [1, channels, 1, 1]);
  const shape = (dims: readonly number[]) => builder.constant(int64Tensor(dims));
  const apart = builder.op('Reshape', [x, shape([1, groups, perGroup, 1, 1])]);
  const turned = builder.op('Transpose', [apart], { perm: [0, 2, 1, 3, 4] });
  builder.output('y', builder.op('Reshape', [turned, shape([1, channels, 1, 1])]));
  const data = Float32Array.from({ length: channels }, (_, channel) => channel);
  const program = lowerGraph(builder.build(), jsCapabilities);
  const feeds = { x: { dtype: 'float32' as const, dims: [1, channels, 1, 1], data } };
  return Array.from(interpretProgram(program, feeds).y?.data ?? [], Number);
}

/** The groups of the input that a channel depends on. */
type Origins = ReadonlySet<number>;

function drawLayers(heading: string, order: readonly number[]): Drawing {
  const input = order.map((_, channel): Origins => new Set([groupOf(channel)]));
  const mixed = mix(input);
  const moved = order.map((from): Origins => mixed[from] ?? new Set());
  const layers = [input, mixed, moved, mix(moved)];
  const links = [withinGroups(), order.map((from, to) => [from, to] as const), withinGroups()];
  const columns = layers.map((layer, i) =>
    group(i * across, 0, ...layer.map((origins, channel) => drawChannel(origins, channel))),
  );
  const lines = links.flatMap((pairs, i) =>
    pairs.map(([from, to]) =>
      line(
        [i * across + size, from * pitch + size / 2],
        [(i + 1) * across, to * pitch + size / 2],
        { stroke: i === 1 ? colors.line : colors.frame },
      ),
    ),
  );
  const names = ['grouped', order.every((from, to) => from === to) ? '' : 'shuffle', 'grouped'];
  const words = names.map((name, i) =>
    text((i + 0.5) * across + size / 2, channels * pitch + 14, name, {
      size: 12,
      anchor: 'middle',
      fill: colors.muted,
    }),
  );
  const picture = {
    width: 3 * across + size,
    height: channels * pitch + 18,
    body: [...lines, ...columns, ...words].join('\n'),
  };
  const reached = Math.min(...(layers.at(-1) ?? []).map((origins) => origins.size));
  const note = `each output depends on ${reached} of ${groups} groups`;
  return stacked([caption(heading, [note]), picture], 8);
}

function groupOf(channel: number): number {
  return Math.floor(channel / perGroup);
}

function withinGroups(): readonly (readonly [number, number])[] {
  const all = Array.from({ length: channels }, (_, channel) => channel);
  return all.flatMap((from) =>
    all.filter((to) => groupOf(to) === groupOf(from)).map((to) => [from, to] as const),
  );
}

/** A grouped convolution: each channel depends on what those of its group do. */
function mix(layer: readonly Origins[]): readonly Origins[] {
  return layer.map((_, channel): Origins => {
    const first = groupOf(channel) * perGroup;
    return new Set(layer.slice(first, first + perGroup).flatMap((origins) => [...origins]));
  });
}

const tints = [colors.positive, colors.negative];

/** A square with a stripe for each group that the channel depends on. */
function drawChannel(origins: Origins, channel: number): string {
  const all = [...origins].sort((a, b) => a - b);
  const height = size / all.length;
  const stripes = all.map((origin, i) =>
    rect(0, i * height, size, height, { fill: tints[origin] ?? colors.line }),
  );
  return group(0, channel * pitch, ...stripes);
}
