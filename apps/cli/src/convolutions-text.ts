/**
 * The convolutions of a model for `whittle inspect --explain`: how much of the work each kind is, then
 * those that the separable family is made of, one line each.
 */

import type { ConvolutionReport, Inspection } from '@whittle/compiler';
import {
  formatBytes,
  formatCount,
  formatShortCount,
  formatTable,
  terminalColumns,
} from './format.js';
import { printable, printableEnd } from './printable.js';

export function convolutionsText({ convolutions, macs }: Inspection): string {
  const lists = (['depthwise', 'pointwise', 'grouped'] as const).flatMap((kind) => {
    const some = ofKind(convolutions, kind);
    return some.length === 0 ? [] : [listConvolutions(kind, some)];
  });
  return [sharesOfKinds(convolutions, macs), ...lists].join('\n\n');
}

type Convolutions = readonly ConvolutionReport[];
type Quantity = Inspection['macs'];

/** How much of the model's work each kind of convolution is. */
function sharesOfKinds(convolutions: Convolutions, total: Quantity): string {
  const rows = (['depthwise', 'pointwise', 'grouped', 'regular'] as const).map((kind) => {
    const some = ofKind(convolutions, kind);
    const macs = sumOf(some);
    const share = Number(macs) / Number(total);
    return [
      kind,
      formatCount(some.length),
      formatCount(macs),
      Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '?',
    ];
  });
  return formatTable(
    [['kind', 'convolutions', 'multiply-adds', 'of all'], ...rows],
    ['left', 'right', 'right', 'right'],
  );
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
function listConvolutions(kind: string, convolutions: Convolutions): string {
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
  const left = Math.max(12, terminalColumns - 2 - Math.max(...lines.map((line) => line.length)));
  const names = convolutions.map((convolution) => printableEnd(nameOf(convolution), left));
  const rows = facts.map((row, i) => [...row, names[i] ?? '']);
  return formatTable([[...head, 'node'], ...rows], [...alignments, 'left']);
}

function nameOf({ name, output }: ConvolutionReport): string {
  return name === '' ? output.name : name;
}

/** `32×112×112`; a batch of one is left out. */
function formatShape({ dims }: ConvolutionReport['input']): string {
  return printable((dims[0] === 1 ? dims.slice(1) : dims).join('×'), 40);
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
  return typeof quantity === 'number' ? format(quantity) : printable(quantity ?? '?', 16);
}
