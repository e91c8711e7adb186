/** Deciding how a chain of depthwise and pointwise convolutions is computed, and saying why. */

import type { Decision, Measure, Node, PassContext } from '@whittle/ir';
import { type ChainStages, stagesOfChain } from './chain-stages.js';
import type { SeparableChain } from './separable-chain.js';
import { type ChainCost, cheapest, costsOfChain } from './separable-cost.js';

export interface FusionChoice {
  readonly decision: Omit<Decision, 'pass'>;
  /** What becomes one op; absent where the convolutions stay apart. */
  readonly fused?: SeparableChain & { readonly bandRows: number };
}

export function chooseFusion(chain: SeparableChain, context: PassContext): FusionChoice {
  const described = describe(chain);
  const known = chain.obstacle === undefined ? stagesOfChain(chain) : undefined;
  if (known === undefined) {
    const reason = chain.obstacle ?? 'the dims of its tensors have no numbers';
    return { decision: { ...described, choice: 'keep', reason, numbers: [] } };
  }
  const costs = costsOfChain(known, context.target);
  const { chosen, reason } = chooseWay(costs, context);
  const names = described.candidate.split(arrow).slice(-chosen.fused);
  const choice = chosen.fused === 1 ? 'keep' : `fuse ${names.join(arrow)}`;
  const decision = { ...described, choice, reason, numbers: measuresOf(known, costs) };
  if (chosen.fused === 1) return { decision };
  const isWhole = chosen.fused === known.stages.length;
  const fused = { ...chain, bandRows: chosen.bandRows };
  return { decision, fused: isWhole ? fused : { ...fused, expand: undefined } };
}

const arrow = ' → ';

function describe({ expand, depthwise, pointwise }: SeparableChain): {
  readonly candidate: string;
  readonly nodes: readonly Node[];
} {
  const last = expand === undefined ? 'pointwise' : 'project';
  const stages = [
    ...(expand ? [['expand', expand] as const] : []),
    ['depthwise', depthwise] as const,
    ...(pointwise ? [[last, pointwise] as const] : []),
  ];
  return {
    candidate: stages.map(([name]) => name).join(arrow),
    nodes: stages.map(([, node]) => node),
  };
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

function measuresOf({ stages }: ChainStages, costs: readonly ChainCost[]): readonly Measure[] {
  const between = stages.slice(0, -1).reduce((sum, { output }) => sum + output.bytes, 0);
  return [
    { name: 'work', value: stages.reduce((sum, { macs }) => sum + macs, 0), unit: 'MACs' },
    { name: 'repeated work', value: 0, unit: 'MACs' },
    { name: 'tensors between', value: between, unit: 'bytes' },
    ...costs.flatMap(({ fused, kernels, nanoseconds, arenaBytes, movedBytes, bandRows }) => {
      const way = fused === 1 ? 'apart' : `${fused} fused`;
      const measures: Measure[] = [
        { name: `${way}: time`, value: Math.round(nanoseconds), unit: 'ns' },
        { name: `${way}: arena`, value: arenaBytes, unit: 'bytes' },
        { name: `${way}: moved`, value: movedBytes, unit: 'bytes' },
        { name: `${way}: kernels`, value: kernels, unit: 'steps' },
      ];
      return fused === 1
        ? measures
        : [...measures, { name: `${way}: band`, value: bandRows, unit: 'rows' as const }];
    }),
  ];
}
