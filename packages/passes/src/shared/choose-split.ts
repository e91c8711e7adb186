/**
 * Deciding whether a grouped convolution becomes one convolution for each group, and saying why.
 *
 * Either way does the same multiply-adds in the same tiles, since no tile spans two groups. One kernel
 * that goes through the groups is one step, a kernel for each is as many steps as there are groups;
 * splitting and joining by channel are views in a program, and copies in an engine that has none. So
 * the estimate of splitting is never the lower one, and it was not faster wherever it was measured.
 */

import {
  allBound,
  convKind,
  type Decision,
  type Dim,
  elementCount,
  type Measure,
  type Node,
  type PassContext,
  requiredAttribute,
  type TargetCapabilities,
  type Way,
} from '@whittle/ir';
import { bytesOf } from './chain-stages.js';

export interface SplitChoice {
  readonly decision: Omit<Decision, 'pass'>;
  /** Into how many convolutions; absent where it stays one. */
  readonly groups?: number;
}

/**
 * As many as the widest of the well-known networks have, ResNeXt-101 64x4d. Each group is a node, two
 * constants and a step.
 */
const mostGroups = 64;

/**
 * Undefined for what is no grouped convolution. A depthwise one is none: it has kernels of its own
 * everywhere, and split into channels it could be fused with nothing.
 */
export function chooseSplit(conv: Node, context: PassContext): SplitChoice | undefined {
  if (convKind(conv) !== 'grouped') return undefined;
  const groups = requiredAttribute(conv, 'group', 'int');
  const costs = costsOf(conv, groups, context.target);
  const obstacle = obstacleIn(conv, groups);
  const { pays, reason } = weigh(costs, context);
  const splits = obstacle === undefined && pays;
  const legal = obstacle === undefined ? costs.ways : [];
  const ways = legal.map((way) => wayOf(way, (way === costs.ways[1]) === splits));
  const decision: SplitChoice['decision'] = {
    candidate: `${groups} groups`,
    nodes: [conv],
    choice: splits ? 'split' : 'keep',
    reason: obstacle ?? reason,
    measures: costs.work === undefined ? [] : [{ name: 'work', value: costs.work, unit: 'MACs' }],
    ways,
  };
  return splits ? { decision, groups } : { decision };
}

function weigh(
  { ways: [kept, split] }: SplitCosts,
  { splitGroups = 'auto' }: PassContext,
): { readonly pays: boolean; readonly reason: string } {
  if (splitGroups !== 'auto') {
    const pays = splitGroups === 'all';
    return { pays, reason: `${pays ? 'all that can be' : 'nothing'} is to be split` };
  }
  const pays = (split.nanoseconds ?? 0) < (kept.nanoseconds ?? 0);
  const extra = split.kernels - kept.kernels;
  return {
    pays,
    reason: `the work is the same in one kernel, and ${extra} step${extra === 1 ? '' : 's'} less`,
  };
}

/** Why a convolution cannot be split, as a clause. */
function obstacleIn(conv: Node, groups: number): string | undefined {
  const [, filter, bias] = conv.inputs;
  if (filter?.constant === undefined) return 'its filter is computed';
  if (bias !== undefined && bias.constant === undefined) return 'its bias is computed';
  if (groups <= mostGroups) return undefined;
  return `${groups} groups would be as many steps, and more than ${mostGroups} are never made`;
}

interface SplitCosts {
  readonly work: number | undefined;
  readonly ways: readonly [kept: SplitCost, split: SplitCost];
}

interface SplitCost {
  readonly name: string;
  readonly kernels: number;
  /** Absent where a dim has no number, as are the bytes. */
  readonly nanoseconds?: number;
  /** Bytes that splitting and joining move in an engine without views. */
  readonly copiedBytes?: number;
}

function costsOf(conv: Node, groups: number, { costs }: TargetCapabilities): SplitCosts {
  const [x, filter, , residual] = conv.inputs;
  const [y] = conv.outputs;
  const kept = { name: 'one kernel', kernels: 1 };
  const split = { name: 'a kernel a group', kernels: groups };
  const work = workOf(y?.type?.dims, filter?.type?.dims);
  if (work === undefined) return { work, ways: [kept, split] };
  const timeOf = (kernels: number): number => work / costs.contraction + kernels * costs.launch;
  const images = [x, residual, y].flatMap((value) => value ?? []);
  const copiedBytes = images.reduce((sum, image) => sum + 2 * bytesOf(image), 0);
  return {
    work,
    ways: [
      { ...kept, nanoseconds: timeOf(1), copiedBytes: 0 },
      { ...split, nanoseconds: timeOf(groups), copiedBytes },
    ],
  };
}

function wayOf({ name, kernels, nanoseconds, copiedBytes }: SplitCost, isChosen: boolean): Way {
  const measures: (Measure | undefined)[] = [
    nanoseconds === undefined
      ? undefined
      : { name: 'time', value: Math.round(nanoseconds), unit: 'ns' },
    copiedBytes === undefined
      ? undefined
      : { name: 'copied without views', value: copiedBytes, unit: 'bytes' },
    { name: 'kernels', value: kernels, unit: 'steps' },
  ];
  return { name, isChosen, measures: measures.flatMap((measure) => measure ?? []) };
}

/** Multiply-adds: each output element is a product over the filter's other dims. */
function workOf(output: readonly Dim[] = [], filter: readonly Dim[] = []): number | undefined {
  if (!allBound(output) || !allBound(filter)) return undefined;
  return elementCount([...output, ...filter.slice(1)]);
}
