/** Draws the convolutions of a case, each for the channels and sizes that those before it leave. */

import type { Draw } from './draw.js';
import {
  activations,
  type Flow,
  flowAfter,
  type SeparableKind,
  type SeparableStage,
} from './separable-case.js';
import {
  drawKeepingWindow,
  drawPixelWindow,
  drawWindow,
  type SeparableWindow,
} from './separable-window.js';

export function drawStages(
  draw: Draw,
  kind: SeparableKind,
  input: Flow,
): readonly SeparableStage[] {
  const stages: SeparableStage[] = [];
  let flow = input;
  for (const drawStage of draw.of(plansOf(kind, input))) {
    const stage = drawStage(draw, flow);
    stages.push(stage);
    flow = flowAfter(stage, flow);
  }
  return stages;
}

type DrawStage = (draw: Draw, flow: Flow) => SeparableStage;

/** The chains of a kind, the likely ones more than once. */
function plansOf(kind: SeparableKind, { channels }: Flow): readonly (readonly DrawStage[])[] {
  // Back to where the case began, so that its input can be the residual.
  const back = pointwiseTo(() => channels);
  switch (kind) {
    case 'pair':
      return [
        ...[pair, pair, pair, pair, [depthwise, groupedPointwise]],
        ...[
          [keeping, back],
          [...pair, ...pair],
        ],
      ];
    case 'block':
      return [
        ...[
          [expand, depthwise, project],
          [expand, keeping, back],
        ],
        ...[
          [expand, depthwise, project],
          [expand, keeping, back],
        ],
        [expand, depthwise],
        [groupedPointwise, depthwise, groupedPointwise],
      ];
    case 'groups':
      return [
        ...[[grouped], [grouped], [grouped, grouped], [depthwise], [depthwise, grouped]],
        [groupedPointwise, groupedPointwise],
      ];
  }
}

const depthwise: DrawStage = (draw, { sizes }) =>
  stageOf(draw, 'channels', draw.of([1, 1, 1, 2, 3]), drawWindow(draw, sizes));

const keeping: DrawStage = (draw, { sizes }) =>
  stageOf(draw, 'channels', draw.of([1, 1, 1, 1, 2]), drawKeepingWindow(draw, sizes));

const grouped: DrawStage = (draw, flow) =>
  stageOf(draw, groupsOf(draw, flow), 1 + draw.below(5), drawWindow(draw, flow.sizes));

const groupedPointwise: DrawStage = (draw, flow) =>
  stageOf(draw, groupsOf(draw, flow), 1 + draw.below(5), drawPixelWindow(draw, flow.sizes));

const expand = pointwiseTo((draw, { channels }) =>
  draw.chance(0.7) ? channels * draw.of([1, 2, 3]) : channels + draw.below(8),
);

const project = pointwiseTo((draw) => draw.of([1, 2, 3, 4, 5, 7, 8, 9, 13]));

const pair: readonly DrawStage[] = [depthwise, project];

function pointwiseTo(outputs: (draw: Draw, flow: Flow) => number): DrawStage {
  return (draw, flow) => stageOf(draw, 1, outputs(draw, flow), drawPixelWindow(draw, flow.sizes));
}

/** A number of groups that divides the channels; more than one where there is such a number. */
function groupsOf(draw: Draw, { channels }: Flow): number {
  const divisors = [2, 3, 4, 5, 6].filter((group) => group < channels && channels % group === 0);
  return divisors.length > 0 ? draw.of(divisors) : channels;
}

function stageOf(
  draw: Draw,
  group: SeparableStage['group'],
  outputsPerGroup: number,
  window: SeparableWindow,
): SeparableStage {
  return {
    ...{ group, outputsPerGroup, window },
    shift: draw.of(['none', 'bias', 'bias', 'bias', 'normalization'] as const),
    activation: draw.chance(0.25) ? 'none' : draw.of(activations),
    isShuffled: typeof group === 'number' && group > 1 && draw.chance(0.3),
    filter: draw.chance(0.02) ? 'input' : 'constant',
  };
}
