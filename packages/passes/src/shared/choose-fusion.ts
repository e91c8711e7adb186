/** Deciding how a chain of depthwise and pointwise convolutions is computed, and saying why. */

import type { Decision, Measure, Node, PassContext, Way } from '@whittle/ir';
import type { ChainCost } from './chain-cost.js';
import { type ChainStages, stagesOfChain } from './chain-stages.js';
import type { SeparableChain } from './separable-chain.js';
import { cheapest, costsOfChain, equalWithin } from './separable-cost.js';

export interface FusionChoice {
  readonly decision: Omit<Decision, 'pass'>;
  /** What becomes one op; absent where the convolutions stay apart. */
  readonly fused?: SeparableChain & { readonly bandRows: number };
}

export function chooseFusion(chain: SeparableChain, context: PassContext): FusionChoice {
  const stages = namedStages(chain);
  const candidate = stages.map(([name]) => name).join(arrow);
  const described = { candidate, nodes: stages.map(([, node]) => node) };
  const known = chain.obstacle === undefined ? stagesOfChain(chain) : undefined;
  if (known === undefined) {
    const reason = chain.obstacle ?? 'the dims of its tensors have no numbers';
    return { decision: { ...described, choice: 'keep', reason, measures: [], ways: [] } };
  }
  const nameOf = ({ fused }: ChainCost): string => {
    const names = stages.slice(-fused).map(([name]) => name);
    return fused === 1 ? 'apart' : names.join(arrow);
  };
  const costs = costsOfChain(known, context.target);
  const { chosen, reason } = chooseWay(costs, nameOf, context);
  const choice = chosen.fused === 1 ? 'keep' : 'fuse';
  const ways = costs.map((cost) => wayOf(cost, nameOf(cost), cost === chosen));
  const decision = { ...described, choice, reason, measures: measuresOf(known), ways } as const;
  if (choice === 'keep') return { decision };
  const fused = { ...chain, bandRows: chosen.bandRows };
  const isWhole = chosen.fused === known.stages.length;
  return { decision, fused: isWhole ? fused : { ...fused, expand: undefined } };
}

const arrow = ' → ';

function namedStages({
  expand,
  depthwise,
  pointwise,
}: SeparableChain): readonly (readonly [name: string, node: Node])[] {
  const last = expand === undefined ? 'pointwise' : 'project';
  return [
    ...(expand ? [['expand', expand] as const] : []),
    ['depthwise', depthwise] as const,
    ...(pointwise ? [[last, pointwise] as const] : []),
  ];
}

interface Choice {
  readonly chosen: ChainCost;
  readonly reason: string;
}

function chooseWay(
  costs: readonly ChainCost[],
  nameOf: (cost: ChainCost) => string,
  { fuse = 'auto' }: PassContext,
): Choice {
  const [apart, ...fused] = costs;
  const whole = costs.at(-1);
  const best = cheapest(costs);
  const rival = cheapest(fused);
  if (!apart || !whole || !best || !rival) {
    throw new RangeError('There is the way to keep apart, and another.');
  }
  if (fuse === 'none') return { chosen: apart, reason: 'nothing is to be fused' };
  if (fuse === 'all') return { chosen: whole, reason: 'all that can be is to be fused' };
  const reason =
    best === apart
      ? `${nameOf(rival)} in one kernel would take ${compared(rival, apart)}`
      : `in one kernel they take ${compared(best, apart)}`;
  return { chosen: best, reason };
}

/** How one way compares with another, of which it takes the place. */
function compared(way: ChainCost, other: ChainCost): string {
  const time = change(way.nanoseconds, other.nanoseconds);
  const memory = change(way.arenaBytes, other.arenaBytes);
  return `${time ?? 'as much'} time and ${memory ?? 'as much'} memory`;
}

/** Undefined where the two are closer than the estimate is good. */
function change(value: number, other: number): string | undefined {
  const share = value / other - 1;
  if (Math.abs(share) < equalWithin) return undefined;
  return `${Math.round(Math.abs(share) * 100)} % ${share < 0 ? 'less' : 'more'}`;
}

function wayOf(cost: ChainCost, name: string, isChosen: boolean): Way {
  const { fused, kernels, nanoseconds, arenaBytes, movedBytes, bandRows } = cost;
  const measures: Measure[] = [
    { name: 'time', value: Math.round(nanoseconds), unit: 'ns' },
    { name: 'arena', value: arenaBytes, unit: 'bytes' },
    { name: 'moved', value: movedBytes, unit: 'bytes' },
    { name: 'kernels', value: kernels, unit: 'steps' },
  ];
  const band: Measure = { name: 'band', value: bandRows, unit: 'rows' };
  return { name, isChosen, measures: fused === 1 ? measures : [...measures, band] };
}

function measuresOf({ stages }: ChainStages): readonly Measure[] {
  const between = stages.slice(0, -1).reduce((sum, { output }) => sum + output.bytes, 0);
  return [
    { name: 'work', value: stages.reduce((sum, { macs }) => sum + macs, 0), unit: 'MACs' },
    { name: 'tensors between', value: between, unit: 'bytes' },
  ];
}
