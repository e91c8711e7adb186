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
  type Measure,
  type Node,
  type PassContext,
  requiredAttribute,
  type TargetCapabilities,
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
  const { splitGroups = 'auto', target } = context;
  const groups = requiredAttribute(conv, 'group', 'int');
  const candidate = `${groups} groups`;
  const described = { candidate, nodes: [conv], numbers: measuresOf(conv, groups, target) };
  const obstacle = obstacleIn(conv, groups);
  if (obstacle === undefined && splitGroups === 'all') {
    const reason = 'all that can be is to be split';
    return { decision: { ...described, choice: 'split', reason }, groups };
  }
  const added = (groups - 1) * target.costs.launch;
  const slower = `${groups} kernels would do the same work in ${added} ns more than one`;
  const reason = obstacle ?? (splitGroups === 'none' ? 'nothing is to be split' : slower);
  return { decision: { ...described, choice: 'keep', reason } };
}

/** Why a convolution cannot be split, as a clause. */
function obstacleIn(conv: Node, groups: number): string | undefined {
  const [, filter, bias] = conv.inputs;
  if (filter?.constant === undefined) return 'its filter is computed';
  if (bias !== undefined && bias.constant === undefined) return 'its bias is computed';
  if (groups <= mostGroups) return undefined;
  return `${groups} groups would be as many steps, and more than ${mostGroups} are never made`;
}

/** What either way takes; only the steps where a dim has no number. */
function measuresOf(conv: Node, groups: number, { costs }: TargetCapabilities): Measure[] {
  const steps: Measure[] = [
    { name: 'kept: kernels', value: 1, unit: 'steps' },
    { name: 'split: kernels', value: groups, unit: 'steps' },
  ];
  const [x, filter, , residual] = conv.inputs;
  const [y] = conv.outputs;
  const work = workOf(y?.type?.dims, filter?.type?.dims);
  if (work === undefined) return steps;
  const timeOf = (kernels: number): number =>
    Math.round(work / costs.contraction + kernels * costs.launch);
  const images = [x, residual, y].flatMap((value) => value ?? []);
  const copied = images.reduce((sum, image) => sum + 2 * bytesOf(image), 0);
  return [
    { name: 'work', value: work, unit: 'MACs' },
    { name: 'kept: time', value: timeOf(1), unit: 'ns' },
    { name: 'split: time', value: timeOf(groups), unit: 'ns' },
    { name: 'split: moved where there are no views', value: copied, unit: 'bytes' },
    ...steps,
  ];
}

/** Multiply-adds: each output element is a product over the filter's other dims. */
function workOf(output: readonly Dim[] = [], filter: readonly Dim[] = []): number | undefined {
  if (!allBound(output) || !allBound(filter)) return undefined;
  return [...output, ...filter.slice(1)].reduce((product, dim) => product * dim, 1);
}
