/**
 * The memory of a program over time: a box for each buffer of its arena, from the step that first
 * writes it to the one that last reads it, at its place among the bytes.
 */

import type { Program, Step } from '@whittle/kernel';
import { arenaOf, type NamedBuffer } from './block-programs.js';
import { caption, stacked } from './drawing.js';
import { type Drawing, line, rect, text, textWidth } from './svg.js';
import { colors, kindTints, plainTint, type Tint } from './theme.js';

const stepWidth = 64;
const axisHeight = 22;
const labelHeight = 16;
const labelStyle = { size: 11, mono: true } as const;

/** `bytes` are what `height` stands for, so that several arenas have one scale. */
export function drawArena(
  heading: string,
  program: Program,
  { bytes, height }: { readonly bytes: number; readonly height: number },
): Drawing {
  const buffers = [...arenaOf(program)].sort((a, b) => b.byteOffset - a.byteOffset);
  const scale = height / bytes;
  const steps = ['before', ...program.steps.map(nameOfStep), 'after'];
  const width = steps.length * stepWidth;
  const axis = steps.map((step, i) =>
    text((i + 0.5) * stepWidth, height + 16, step, { ...labelStyle, anchor: 'middle' }),
  );
  const labels = buffers.map(({ name, bytes: size }) => `${name} ${size.toLocaleString('en-US')}`);
  const places = spread(
    buffers.map(({ byteOffset, bytes: size }) => height - (byteOffset + size / 2) * scale),
    height,
  );
  const boxes = buffers.map((buffer) => drawBuffer(buffer, height, scale));
  const notes = buffers.flatMap(({ live, byteOffset, bytes: size }, i) => {
    const y = height - (byteOffset + size / 2) * scale;
    const at = places[i] ?? y;
    const end = (live[1] + 2) * stepWidth;
    return [
      line([end, y], [width + 14, at], { stroke: colors.frame }),
      text(width + 18, at + 4, labels[i] ?? '', labelStyle),
    ];
  });
  const ground = rect(0, 0, width, height, { fill: colors.ground, stroke: colors.faint });
  const picture = {
    width: width + 18 + Math.max(...labels.map((label) => textWidth(label, labelStyle))),
    height: height + axisHeight,
    body: [ground, ...notes, ...boxes, ...axis].join('\n'),
  };
  const total = `arena ${program.arena.bytes.toLocaleString('en-US')} bytes`;
  return stacked([caption(heading, [total]), picture], 8);
}

/** The name of the node that the step comes from. */
function nameOfStep({ label }: Step): string {
  return label.startsWith('SeparableConv') ? 'fused' : (label.split(' ').at(-1) ?? label);
}

function drawBuffer(buffer: NamedBuffer, height: number, scale: number): string {
  const { name, live, byteOffset, bytes } = buffer;
  const [first, last] = live;
  const tall = Math.max(2, bytes * scale);
  const x = (first + 1) * stepWidth;
  const y = height - byteOffset * scale - tall;
  return rect(x, y, (last - first + 1) * stepWidth, tall, { ...tintOf(name) });
}

const tints: Readonly<Record<string, Tint>> = {
  expand: kindTints.pointwise,
  ring: kindTints.pointwise,
  depthwise: kindTints.depthwise,
  band: kindTints.depthwise,
};

function tintOf(name: string): Tint {
  return tints[name] ?? plainTint;
}

/** Heights for labels, from the top, near those wanted and far enough apart to be read. */
function spread(wanted: readonly number[], height: number): readonly number[] {
  const from = (places: readonly number[]): number[] => {
    let next = 0;
    return places.map((place) => {
      const at = Math.max(place, next);
      next = at + labelHeight;
      return at;
    });
  };
  const down = from(wanted);
  const up = from([...down].reverse().map((place) => height - place));
  return up.reverse().map((place) => height - place);
}
