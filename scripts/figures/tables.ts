/** The tables of docs/design/separable.md, from the types of ops and from compiled programs. */

import { jsCapabilities } from '@whittle/codegen-js';
import {
  convKind,
  type Decision,
  GraphBuilder,
  type Node,
  runPasses,
  seededTensor,
  type Way,
} from '@whittle/ir';
import { findPass } from '@whittle/passes';
import { arenaOf, blockProgram, optimizedBlock } from './block-programs.js';
import { bytesOf, dimsOf, macsOfConv } from './costs.js';

export const tables: Readonly<Record<string, () => string>> = {
  'block-costs': blockCosts,
  'separable-costs': separableCosts,
  'block-memory': blockMemory,
  'block-ways': blockWays,
};

/** The block's convolutions. */
function convsOfBlock(): readonly Node[] {
  return optimizedBlock('none').nodes.filter(({ op }) => op === 'Conv');
}

function blockCosts(): string {
  const rows = convsOfBlock().map((conv) => {
    const [x, w] = conv.inputs;
    const macs = macsOfConv(conv);
    const bytes = [x, w, conv.outputs[0]].map(bytesOf);
    const moved = bytes.reduce((sum, size) => sum + size, 0);
    return [
      conv.name,
      convKind(conv) ?? '',
      `\`[${dimsOf(w).join(', ')}]\``,
      ...[macs, ...bytes].map(withCommas),
      (macs / moved).toFixed(1),
    ];
  });
  const head = ['', 'kind', 'W', 'MACs', 'bytes of x', 'bytes of W', 'bytes of y', 'MACs a byte'];
  return table(head, rows);
}

/** The last two convolutions of the block beside the regular one of the same window and channels. */
function separableCosts(): string {
  const [, depthwise, pointwise] = convsOfBlock();
  if (depthwise === undefined || pointwise === undefined) throw new RangeError('No such block.');
  const [, inputs = 0] = dimsOf(pointwise.inputs[1]);
  const [outputs = 0] = dimsOf(pointwise.inputs[1]);
  const window = dimsOf(depthwise.inputs[1]).slice(2);
  const builder = new GraphBuilder('regular');
  const x = builder.input('x', 'float32', dimsOf(depthwise.inputs[0]));
  const filter = seededTensor('float32', [outputs, inputs, ...window], 1);
  const regular = builder.node('Conv', [x, builder.constant(filter)], { pads: [1, 1, 1, 1] });
  const macs = [regular, depthwise, pointwise].map(macsOfConv);
  const [whole = 0, filtering = 0, mixing = 0] = macs;
  const weights = [regular, depthwise, pointwise].map(({ inputs: [, w] }) => bytesOf(w) / 4);
  const [wholeWeights = 0, filters = 0, mixes = 0] = weights;
  const taps = window.reduce((product, size) => product * size, 1);
  const rows = [
    ['regular', withCommas(whole), withCommas(wholeWeights), '1'],
    ['depthwise', withCommas(filtering), withCommas(filters), ratio(filtering / whole)],
    ['pointwise', withCommas(mixing), withCommas(mixes), ratio(mixing / whole)],
    [
      'both',
      withCommas(filtering + mixing),
      withCommas(filters + mixes),
      `${ratio((filtering + mixing) / whole)} = 1/${outputs} + 1/${taps}`,
    ],
  ];
  return table(['convolution', 'MACs', 'weights', 'part of the work'], rows);
}

function blockMemory(): string {
  const apart = blockProgram('none');
  const fused = blockProgram('all');
  const names = new Set(
    [apart, fused].flatMap((program) => arenaOf(program).map(({ name }) => name)),
  );
  const rows = [...names].map((name) => [
    titles[name] ?? name,
    ...[apart, fused].map((program) => {
      const buffer = arenaOf(program).find((candidate) => candidate.name === name);
      return buffer === undefined ? '' : withCommas(buffer.bytes);
    }),
  ]);
  const totals = [apart, fused].map(({ arena }) => `**${withCommas(arena.bytes)}**`);
  return table(['buffer', 'three kernels', 'one kernel'], [...rows, ['**the arena**', ...totals]]);
}

/** What the cost model compares, but for times, which depend on what was measured of the target. */
function blockWays(): string {
  const ways: Way[] = [];
  const context = {
    target: jsCapabilities,
    onDecision: (decision: Decision) => ways.push(...decision.ways),
  };
  runPasses(optimizedBlock('none'), [findPass('fuse-separable-conv')], { context });
  const rows = ways.map(({ name, measures }) => [
    name,
    ...['kernels', 'band', 'moved', 'arena'].map((quantity) => {
      const measure = measures.find((candidate) => candidate.name === quantity);
      return measure === undefined ? '' : withCommas(measure.value);
    }),
  ]);
  return table(['way', 'kernels', 'rows of a band', 'bytes moved', 'bytes of the arena'], rows);
}

const titles: Readonly<Record<string, string>> = {
  expand: 'expanded tensor',
  depthwise: 'filtered tensor',
  ring: 'ring of expanded rows',
  band: 'scratch rows',
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isOfNumbers = (column: number): boolean =>
    rows.every((cells) => /^(\**[\d,.]+.*)?$/.test(cells[column] ?? ''));
  const rule = head.map((_, column) => (isOfNumbers(column) ? '---:' : '---'));
  const lines = [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  return lines.join('');
}

function withCommas(value: number): string {
  return value.toLocaleString('en-US');
}

function ratio(value: number): string {
  return value.toFixed(3);
}
