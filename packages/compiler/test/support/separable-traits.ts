/**
 * What a run of the separable family has to hold, as rows: what its cases are made of, and what
 * became of them where they were to be fused and split.
 */

import { convKind, type Node, optionalAttribute } from '@whittle/ir';
import { flowsOf, type SeparableCase, type SeparableKind } from './separable-case.js';
import { seesOnlyPadding } from './separable-window.js';
import type { Window } from './window.js';

/** What the policies did to one case. */
export interface Effect {
  /** The nodes of the case where nothing is fused or split. */
  readonly plain: readonly Node[];
  /** Those where everything is that can be. */
  readonly forced: readonly Node[];
  /** The same in NHWC. */
  readonly forcedLast: readonly Node[];
}

export interface Trait {
  readonly name: string;
  /** The percentage of the cases of a kind that have it at least; most runs have far more. */
  readonly least: Readonly<Partial<Record<SeparableKind, number>>>;
  readonly holds: (separable: SeparableCase, effect: Effect) => boolean;
}

const everywhere = (percentage: number): Trait['least'] => ({
  pair: percentage,
  block: percentage,
  groups: percentage,
});

export const traits: readonly Trait[] = [
  of('one spatial axis', everywhere(8), ({ sizes }) => sizes.length === 1),
  of('two spatial axes', everywhere(40), ({ sizes }) => sizes.length === 2),
  of('three spatial axes', everywhere(8), ({ sizes }) => sizes.length === 3),
  of('one pixel', everywhere(3), ({ sizes }) => sizes.every((size) => size === 1)),
  of('an axis of prime size above three', everywhere(20), ({ sizes }) => sizes.some(isLargePrime)),
  of('several images', everywhere(15), ({ batch }) => batch > 1),
  of('channels that are no multiple of four', everywhere(25), ({ channels }) => channels % 4 > 0),
  of(
    'an even kernel',
    everywhere(10),
    hasAxis(({ kernel }) => kernel % 2 === 0),
  ),
  of(
    'a stride beyond the kernel',
    everywhere(5),
    hasAxis(({ stride, kernel }) => stride > kernel),
  ),
  of(
    'dilation',
    everywhere(8),
    hasAxis(({ dilation, kernel }) => dilation > 1 && kernel > 1),
  ),
  of(
    'uneven padding',
    everywhere(10),
    hasAxis(({ before, after }) => before !== after),
  ),
  of('windows that see padding alone', everywhere(5), hasEmptyWindow),
  of('SAME padding', everywhere(8), hasPadding('SAME_UPPER', 'SAME_LOWER')),
  of('VALID padding', { pair: 3, groups: 3 }, hasPadding('VALID')),
  of('a channel multiplier', { pair: 20, block: 8, groups: 4 }, hasMultiplier),
  of(
    'a normalization',
    everywhere(15),
    hasStage(({ shift }) => shift === 'normalization'),
  ),
  of(
    'neither bias nor normalization',
    everywhere(10),
    hasStage(({ shift }) => shift === 'none'),
  ),
  of(
    'an activation',
    everywhere(50),
    hasStage(({ activation }) => activation !== 'none'),
  ),
  of(
    'a filter that is an input',
    everywhere(1),
    hasStage(({ filter }) => filter === 'input'),
  ),
  of('a residual', everywhere(20), ({ residual }) => residual !== 'none'),
  of('another reader', { pair: 10, block: 10, groups: 3 }, ({ secondReader }) => !!secondReader),
  of('transposes around each op', everywhere(10), ({ transposes }) => transposes === 'each'),
  of('products for pointwise', { pair: 10, block: 10 }, hasProducts),
  of('shuffled groups', { block: 3, groups: 10 }, isShuffled),
  of('fused', { pair: 40, block: 40 }, (_, { forced }) => fusedIn(forced).length > 0),
  of(
    'fused in NHWC',
    { pair: 35, block: 35 },
    (_, { forcedLast }) => fusedIn(forcedLast).length > 0,
  ),
  of('fused with an expansion', { block: 25 }, hasFusedWith(6)),
  of('fused with a residual', { pair: 10, block: 10 }, hasFusedWith(5)),
  of('fused without a projection', { block: 5 }, isFusedInHalf),
  of('fused in bands', { pair: 10, block: 10 }, isFusedInBands),
  of('fused with a shorter last band', { pair: 5, block: 5 }, hasShorterBand),
  of(
    'left apart by an obstacle',
    { pair: 5, block: 5 },
    (_, { forced }) => fusedIn(forced).length === 0,
  ),
  of('split', { groups: 30 }, isSplit),
];

function of(name: string, least: Trait['least'], holds: Trait['holds']): Trait {
  return { name, least, holds };
}

function isLargePrime(size: number): boolean {
  return [5, 7, 11, 13, 19, 23].includes(size);
}

type StageOf = SeparableCase['stages'][number];

function hasStage(holds: (stage: StageOf) => boolean): Trait['holds'] {
  return ({ stages }) => stages.some(holds);
}

function hasAxis(holds: (axis: Window) => boolean): Trait['holds'] {
  return hasStage(({ window }) => window.axes.some(holds));
}

function hasPadding(...paddings: readonly string[]): Trait['holds'] {
  return hasStage(({ window }) => paddings.includes(window.autoPad));
}

function hasEmptyWindow(separable: SeparableCase): boolean {
  const flows = flowsOf(separable);
  return separable.stages.some(({ window }, at) => seesOnlyPadding(window, flows[at]?.sizes ?? []));
}

function hasMultiplier({ stages }: SeparableCase): boolean {
  return stages.some(({ group, outputsPerGroup }) => group === 'channels' && outputsPerGroup > 1);
}

function hasProducts({ transposes }: SeparableCase): boolean {
  return transposes === 'products';
}

function isShuffled({ stages }: SeparableCase): boolean {
  return stages.some((stage) => stage.isShuffled);
}

function fusedIn(nodes: readonly Node[]): readonly Node[] {
  return nodes.filter(({ op }) => op === 'SeparableConv');
}

/** With an optional input: 5 is the residual, 6 the expansion. */
function hasFusedWith(input: number): Trait['holds'] {
  return (_, { forced }) => fusedIn(forced).some(({ inputs }) => inputs[input] !== undefined);
}

function isFusedInHalf(_: SeparableCase, { forced }: Effect): boolean {
  return fusedIn(forced).some(({ inputs }) => inputs[2] === undefined);
}

function isFusedInBands(_: SeparableCase, { forced }: Effect): boolean {
  return fusedIn(forced).some((node) => rowsOfBand(node) < rowsOf(node));
}

function hasShorterBand(_: SeparableCase, { forced }: Effect): boolean {
  return fusedIn(forced).some(
    (node) => rowsOfBand(node) < rowsOf(node) && rowsOf(node) % rowsOfBand(node) > 0,
  );
}

function rowsOf({ outputs: [y] }: Node): number {
  return Number(y?.type?.dims[2] ?? 0);
}

function rowsOfBand(fused: Node): number {
  return optionalAttribute(fused, 'band_rows', 'int') ?? 1;
}

function isSplit(_: SeparableCase, { forced, plain }: Effect): boolean {
  const groupedIn = (nodes: readonly Node[]): number =>
    nodes.filter((node) => convKind(node) === 'grouped').length;
  return groupedIn(forced) < groupedIn(plain);
}
