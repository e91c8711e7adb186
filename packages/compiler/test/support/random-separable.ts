/** Random cases of the separable family; the same seed gives the same case. */

import { Draw } from './draw.js';
import {
  flowsOf,
  kindOfSeed,
  type SecondReader,
  type SeparableCase,
  type SeparableResidual,
} from './separable-case.js';
import { drawStages } from './separable-stages.js';

export function randomSeparableCase(seed: number): SeparableCase {
  const draw = new Draw(seed);
  const kind = kindOfSeed(seed);
  const channels = draw.of(kind === 'groups' ? [1, 4, 6, 8, 9, 10, 12, 15] : channelChoices);
  const sizes = drawSizes(draw);
  const stages = drawStages(draw, kind, { channels, sizes });
  const rest: SeparableCase = {
    ...{ seed, kind, channels, sizes, stages },
    batch: draw.chance(0.75) ? 1 : draw.of([2, 3]),
    residual: 'none',
    residualIsFirst: draw.chance(0.5),
    activationIsLast: draw.chance(0.7),
    secondReader: drawSecondReader(draw, stages.length),
    transposes: draw.of(['around', 'around', 'around', 'each', 'products'] as const),
  };
  return { ...rest, residual: draw.of(residualsOf(rest)) };
}

const channelChoices = [1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 11, 12];

/** One pixel, primes, multiples of tiles and sizes beside them. */
function drawSizes(draw: Draw): readonly number[] {
  const rank = draw.of([1, 2, 2, 2, 2, 2, 3]);
  if (draw.chance(0.05)) return Array<number>(rank).fill(1);
  const choices: readonly (readonly number[])[] = [
    [1, 2, 3, 5, 7, 8, 11, 13, 16, 19, 23],
    [1, 2, 3, 4, 5, 5, 6, 7, 7, 8, 9, 11],
    [1, 2, 3, 4, 5],
  ];
  return Array.from({ length: rank }, () => draw.of(choices[rank - 1] ?? [1]));
}

function drawSecondReader(draw: Draw, stages: number): SecondReader | undefined {
  if (stages < 2 || !draw.chance(0.2)) return undefined;
  const form = draw.of(['output', 'raw', 'op', 'gate'] as const);
  return { stage: draw.below(stages - 1), form };
}

/** The residuals whose dims are those of the last output; `none` is always among them. */
function residualsOf(separable: SeparableCase): readonly SeparableResidual[] {
  const flows = flowsOf(separable);
  const last = JSON.stringify(flows.at(-1));
  const input = JSON.stringify(flows[0]) === last;
  const intermediate = flows.length > 2 && JSON.stringify(flows.at(-2)) === last;
  return [
    ...(input ? (['input', 'input', 'input'] as const) : (['none', 'none'] as const)),
    ...(intermediate ? (['intermediate'] as const) : []),
    ...(['given', 'none'] as const),
  ];
}
