/**
 * The convolutions of a model for `whittle inspect --explain`: how much of the work each kind is, then
 * those that the separable family is made of, one line each.
 */

import type { ConvolutionReport, Inspection } from '@whittle/compiler';
import { formatBytes, formatCount, formatShortCount, formatTable } from './format.js';
import { printable } from './printable.js';
import { shortenNames } from './shorten-names.js';

/** `columns` is what the lines may take: Infinity where nothing is to be cut. */
export function convolutionsText(inspection: Inspection, columns: number): string {
  const { convolutions } = inspection;
  const lists = (['depthwise', 'pointwise', 'grouped'] as const).flatMap((kind) => {
    const some = ofKind(convolutions, kind);
    return some.length === 0 ? [] : [listConvolutions(kind, some, columns)];
  });
  return [sharesOfKinds(inspection), ...lists].join('\n\n');
}

type Convolutions = readonly ConvolutionReport[];
type Quantity = Inspection['macs'];

/** How much of the model's work each kind of convolution is, and what is left for other ops. */
function sharesOfKinds({ convolutions, macs: total, nodes }: Inspection): string {
  const row = (what: string, count: string, macs: Quantity) => {
    const share = Number(macs) / Number(total);
    const percent = Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '?';
    return [what, count, typeof macs === 'number' ? formatCount(macs) : '?', percent];
  };
  const rows = (['depthwise', 'pointwise', 'grouped', 'regular'] as const).map((kind) => {
    const some = ofKind(convolutions, kind);
    return row(kind, formatCount(some.length), sumOf(some));
  });
  const ops = new Set(nodes.flatMap(({ op, macs }) => (macs === 0 || isConv(op) ? [] : [op])));
  const other = ops.size === 0 ? 'other' : `other (${[...ops].join(', ')})`;
  return formatTable(
    [
      ['kind', 'convolutions', 'multiply-adds', 'of all'],
      ...rows,
      row(printable(other, 60), '', difference(total, sumOf(convolutions))),
    ],
    ['left', 'right', 'right', 'right'],
  );
}

/** Ops that are convolutions, or have them as stages. */
function isConv(op: string): boolean {
  return op === 'Conv' || op === 'SeparableConv';
}

/** Unknown where convolutions in regions, which the total leaves out, make the part the larger one. */
function difference(total: Quantity, part: Quantity): Quantity {
  if (typeof total !== 'number' || typeof part !== 'number') return undefined;
  return total < part ? undefined : total - part;
}

function ofKind(convolutions: Convolutions, kind: ConvolutionReport['kind']): Convolutions {
  return convolutions.filter((convolution) => convolution.kind === kind);
}

/** Undefined where one of them depends on dims without a number. */
function sumOf(convolutions: Convolutions): number | undefined {
  const numbers = convolutions.flatMap(({ macs }) => (typeof macs === 'number' ? [macs] : []));
  if (numbers.length < convolutions.length) return undefined;
  return numbers.reduce((sum, macs) => sum + macs, 0);
}

/** One line each; the name takes what the rest leaves of it. */
function listConvolutions(kind: string, convolutions: Convolutions, columns: number): string {
  const facts = convolutions.map((convolution) => [
    `${formatShape(convolution.input)} → ${formatShape(convolution.output)}`,
    formatWindow(convolution),
    shortened(convolution.macs, formatShortCount),
    shortened(convolution.inputBytes, formatBytes),
    shortened(convolution.outputBytes, formatBytes),
    shortened(convolution.weightBytes, formatBytes),
  ]);
  const head = [kind, 'window', 'MACs', 'input', 'output', 'weights'];
  const alignments = ['left', 'left', 'right', 'right', 'right', 'right'] as const;
  const lines = formatTable([head, ...facts], alignments).split('\n');
  const left = Math.max(12, columns - 2 - Math.max(...lines.map((line) => line.length)));
  const names = shortenNames(convolutions.map(nameOf), left);
  const rows = facts.map((row, i) => [...row, names[i] ?? '']);
  return formatTable([[...head, 'node'], ...rows], [...alignments, 'left']);
}

function nameOf({ name, output }: ConvolutionReport): string {
  return name === '' ? output.name : name;
}

/** `32×112×112`; a batch of one is left out, and a dim without a short name is `?`. */
function formatShape({ dims }: ConvolutionReport['input']): string {
  const sizes = (dims[0] === 1 ? dims.slice(1) : dims).map((dim) =>
    typeof dim === 'number' || dim.length <= longestName ? dim : '?',
  );
  return printable(sizes.join('×'), 40);
}

/** `3×3, stride 2`: what is 1 goes without saying. */
function formatWindow({
  kernel,
  strides,
  dilations,
  groups,
  kind,
  multiplier = 1,
}: ConvolutionReport): string {
  const apart = [
    ['stride', strides],
    ['dilation', dilations],
    ['multiplier', [multiplier]],
  ] as const;
  return [
    kernel.join('×'),
    ...apart.flatMap(([what, sizes]) =>
      sizes.every((size) => size === 1) ? [] : [`${what} ${formatSizes(sizes)}`],
    ),
    ...(kind === 'grouped' ? [`${groups} groups`] : []),
  ].join(', ');
}

/** One number where all axes have the same. */
function formatSizes(sizes: readonly number[]): string {
  return (new Set(sizes).size === 1 ? sizes.slice(0, 1) : sizes).join('×');
}

function shortened(quantity: Quantity, format: (number: number) => string): string {
  if (typeof quantity === 'number') return format(quantity);
  return quantity === undefined || quantity.length > longestName ? '?' : printable(quantity);
}

/** What a dim's name or an expression may take of a cell. */
const longestName = 8;
