/** The examples of the page as figures: the graph before the passes, and after them. */

import type { Graph } from '@whittle/ir';
import { drawGraph } from './draw-graph.js';
import { arrow, beside, caption, type Figure, stacked } from './drawing.js';
import { type Example, runExample } from './page.js';
import type { Drawing } from './svg.js';

export function figureOfExample(example: Example): Figure {
  const { name, passes, before } = example;
  const ids = passes.map(({ id }) => id);
  const after = runExample(example);
  if (after === before) {
    return {
      name,
      title: `A graph that ${ids.join(' and ')} leaves alone`,
      description: `The ops are ${opsOf(before)}.`,
      draw: () => drawGraph(before),
    };
  }
  return {
    name,
    title: `What ${ids.join(' and ')} does`,
    description: `The ops before are ${opsOf(before)}; the ops after are ${opsOf(after)}.`,
    draw: () =>
      drawSteps([
        { graph: before, heading: 'before' },
        { graph: after, heading: 'after', ids },
      ]),
  };
}

export interface GraphStep {
  readonly graph: Graph;
  readonly heading: string;
  /** What stands on the arrow that leads there. */
  readonly ids?: readonly string[];
}

/** Graphs side by side, with arrows between them. */
export function drawSteps(steps: readonly GraphStep[]): Drawing {
  return beside(
    steps.flatMap(({ graph, heading, ids }, i) => {
      const drawn = stacked([caption(heading), drawGraph(graph)], 10, 'middle');
      return i === 0 ? [drawn] : [arrow(ids ?? []), drawn];
    }),
    18,
    'middle',
  );
}

function opsOf({ nodes }: Graph): string {
  return nodes.map(({ op }) => op).join(', ');
}
