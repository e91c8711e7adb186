/**
 * Why it is called separable: the filter of the regular convolution that a depthwise and a pointwise
 * one make together, W[o, c] = P[o, c] · D[c], as a table of pictures.
 */

import { formatDims, numbersOf, seededTensor, type Tensor } from '@whittle/ir';
import { type Drawing, group, line, rect, text } from './svg.js';
import { colors } from './theme.js';

const inputs = 3;
const outputs = 4;
const kernel = 3;
const taps = kernel ** 2;

const cell = 13;
const tile = kernel * cell;
const columnPitch = 142;
const rowPitch = 56;
const left = 92;
const top = 96;
/** From the left of a column to its pictures. */
const indent = 84;
const right = left + inputs * columnPitch + 26;

const muted = { size: 12, fill: colors.muted } as const;
const mono = { size: 12, mono: true, anchor: 'end' } as const;

export function drawSeparableFilters(): Drawing {
  const d = seededTensor('float32', [inputs, 1, kernel, kernel], 5);
  const p = seededTensor('float32', [outputs, inputs, 1, 1], 4);
  const mixes = numbersOf(p);
  const columns = Array.from({ length: inputs }, (_, channel) => {
    const filter = numbersOf(d).slice(channel * taps, (channel + 1) * taps);
    const factors = mixes.filter((_, i) => i % inputs === channel);
    return group(left + channel * columnPitch, 0, drawColumn(channel, filter, factors));
  });
  const rows = Array.from({ length: outputs }, (_, output) =>
    text(0, top + output * rowPitch + tile / 2 + 4, `output ${output} = Σ`, muted),
  );
  const rule = { stroke: colors.frame };
  return {
    width: right + 160,
    height: top + (outputs - 1) * rowPitch + tile,
    body: [
      text(0, top - 52, 'D', { bold: true }),
      text(18, top - 52, 'one filter', muted),
      text(18, top - 36, 'a channel', muted),
      line([0, top - 18], [left + inputs * columnPitch - 20, top - 18], rule),
      ...rows,
      ...columns,
      ...drawSizes(d, p),
    ].join('\n'),
  };
}

/** The filter of a channel, and below it the same times the factor of each output. */
function drawColumn(
  channel: number,
  filter: readonly number[],
  factors: readonly number[],
): string {
  const products = factors.map((factor, output) => {
    const y = top + output * rowPitch;
    const words = `${factor.toFixed(2).replace('-', '−')}·D${subscript(channel)} =`;
    const product = filter.map((tap) => tap * factor);
    return [
      text(indent - 8, y + tile / 2 + 4, words, mono),
      group(indent, y, drawFilter(product)),
    ].join('\n');
  });
  const title = { ...muted, anchor: 'middle' } as const;
  return [
    text(indent + tile / 2, 12, `channel ${channel}`, title),
    group(indent, 22, drawFilter(filter)),
    ...products,
  ].join('\n');
}

function drawSizes(d: Tensor, p: Tensor): readonly string[] {
  const filters = [
    { name: 'D', dims: d.dims },
    { name: 'P', dims: p.dims },
    { name: 'W', dims: [outputs, inputs, kernel, kernel], note: 'the pictures of the table' },
  ];
  return filters.flatMap(({ name, dims, note = '' }, i) => {
    const y = top + 14 + 64 * i;
    const weights = dims.reduce((product, size) => product * size, 1);
    return [
      text(right, y, `${name} ${formatDims(dims)}`, { bold: true, mono: true }),
      text(right, y + 18, `${weights} weights`, muted),
      text(right, y + 36, note, muted),
    ];
  });
}

function drawFilter(weights: readonly number[]): string {
  const cells = weights.map((weight, i) => {
    const x = (i % kernel) * cell;
    const y = Math.floor(i / kernel) * cell;
    return rect(x, y, cell, cell, { fill: shade(weight), stroke: colors.frame });
  });
  return cells.join('\n');
}

/** White at 0, full at ±1. */
function shade(value: number): string {
  const full = value < 0 ? colors.negative : colors.positive;
  const share = Math.min(1, Math.abs(value));
  const channels = [1, 3, 5].map((at) => {
    const end = Number.parseInt(full.slice(at, at + 2), 16);
    return Math.round(255 + (end - 255) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}

/** ₀, ₁, ₂. */
function subscript(digit: number): string {
  return String.fromCodePoint(0x2080 + digit);
}
