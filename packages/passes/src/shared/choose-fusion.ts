/** Deciding how a chain of depthwise and pointwise convolutions is computed, and saying why. */

import type { Decision, Measure, Node, PassContext } from '@whittle/ir';
import { type ChainStages, stagesOfChain } from './chain-stages.js';
import type { SeparableChain } from './separable-chain.js';
import { type ChainCost, cheapest, costsOfChain } from './separable-cost.js';

export interface FusionChoice {
  readonly decision: Omit<Decision, 'pass'>;
  /** What becomes one op; absent where the convolutions stay apart. */
  readonly fused?: Pick<SeparableChain, 'expand' | 'depthwise' | 'pointwise'> & {
    readonly bandRows: number;
  };
}

export function chooseFusion(chain: SeparableChain, context: PassContext): FusionChoice {
  const { expand, depthwise, pointwise } = chain;
  const described = describe(expand, depthwise, pointwise);
  const stages = chain.obstacle === undefined ? stagesOfChain(chain) : undefined;
  if (stages === undefined) {
    const reason = chain.obstacle ?? 'the dims of its tensors have no numbers';
    return { decision: { ...described, choice: 'keep', reason, numbers: [] } };
  }
  const costs = costsOfChain(stages, context.target);
  const { chosen, reason } = chooseWay(costs, context);
  const decision: FusionChoice['decision'] = {
    ...described,
    choice: chosen.way === 'apart' ? 'keep' : `fuse ${chosen.way}`,
    reason,
    numbers: measuresOf(stages, costs),
  };
  if (chosen.way === 'apart') return { decision };
  const { bandRows } = chosen;
  const first = chosen.way === 'block' ? expand : undefined;
  return { decision, fused: { expand: first, depthwise, pointwise, bandRows } };
}

function describe(
  expand: Node | undefined,
  depthwise: Node,
  pointwise: Node,
): Pick<Decision, 'candidate' | 'nodes'> {
  return expand === undefined
    ? { candidate: 'depthwise → pointwise', nodes: [depthwise, pointwise] }
    : { candidate: 'expand → depthwise → project', nodes: [expand, depthwise, pointwise] };
}

interface Choice {
  readonly chosen: ChainCost;
  readonly reason: string;
}

function chooseWay(costs: readonly ChainCost[], { fuse = 'auto' }: PassContext): Choice {
  const [apart] = costs;
  const whole = costs.at(-1);
  const best = cheapest(costs);
  if (apart === undefined || whole === undefined || best === undefined) {
    throw new RangeError('There is always the way to keep apart.');
  }
  if (fuse === 'none') return { chosen: apart, reason: 'nothing is to be fused' };
  if (fuse === 'all') return { chosen: whole, reason: 'all that can be is to be fused' };
  return { chosen: best, reason: best === apart ? reasonToKeep(costs) : reasonToFuse(best, apart) };
}

function reasonToFuse(best: ChainCost, apart: ChainCost): string {
  const time = percent(1 - best.nanoseconds / apart.nanoseconds);
  const arena = percent(1 - best.arenaBytes / apart.arenaBytes);
  const saved = `${arena} % less of the arena`;
  if (time < 1) return `as fast, and ${saved}`;
  return arena < 1 ? `${time} % less time` : `${time} % less time and ${saved}`;
}

function reasonToKeep([apart, ...fused]: readonly ChainCost[]): string {
  const fastest = Math.min(...fused.map(({ nanoseconds }) => nanoseconds));
  const slower = percent(fastest / (apart?.nanoseconds ?? 1) - 1);
  if (slower >= 1) return `one kernel would take ${slower} % more time`;
  const least = Math.min(...fused.map(({ arenaBytes }) => arenaBytes));
  const more = percent(least / (apart?.arenaBytes ?? 1) - 1);
  return `one kernel would be no faster, and takes ${more} % more of the arena: all of its input and output live at once`;
}

function percent(share: number): number {
  return Math.round(share * 100);
}

function measuresOf(
  { expand, filter, project }: ChainStages,
  costs: readonly ChainCost[],
): readonly Measure[] {
  const stages = [expand, filter, project].flatMap((stage) => stage ?? []);
  const between = stages.slice(0, -1).reduce((sum, { output }) => sum + output.bytes, 0);
  return [
    { name: 'work', value: stages.reduce((sum, { macs }) => sum + macs, 0), unit: 'MACs' },
    { name: 'repeated work', value: 0, unit: 'MACs' },
    { name: 'tensors between', value: between, unit: 'bytes' },
    ...costs.flatMap(
      ({ way, nanoseconds, arenaBytes, movedBytes, bandRows, kernels }): Measure[] => [
        { name: `${way}: time`, value: Math.round(nanoseconds), unit: 'ns' },
        { name: `${way}: arena`, value: arenaBytes, unit: 'bytes' },
        { name: `${way}: moved`, value: movedBytes, unit: 'bytes' },
        { name: `${way}: kernels`, value: kernels, unit: 'steps' },
        ...(way === 'apart'
          ? []
          : [{ name: `${way}: band`, value: bandRows, unit: 'rows' } as const]),
      ],
    ),
  ];
}
