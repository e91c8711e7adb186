/** Makes a case of the separable family a part of a graph, in the layout that models have it in. */

import type { GraphBuilder, Value } from '@whittle/ir';
import { addActivation } from './separable-activations.js';
import { type Flow, flowsOf, type SeparableCase } from './separable-case.js';
import { addConvolution } from './separable-convolution.js';
import { type AddedInput, type Layout, type Site, siteOf } from './separable-site.js';

/**
 * Declares the inputs and outputs of the case, whose names end in its seed, and the nodes between
 * them. All outputs are images. Both layouts of a case have the same weights.
 * @throws {CompilerError} `E_INVALID_GRAPH` where the parts of a case do not fit.
 */
export function addSeparable(
  builder: GraphBuilder,
  separable: SeparableCase,
  layout: Layout,
): readonly AddedInput[] {
  const site = siteOf(builder, separable, layout);
  const { stages, secondReader, activationIsLast } = separable;
  const flows = flowsOf(separable);
  const image = ({ channels, sizes }: Flow = noFlow): readonly number[] => [
    separable.batch,
    channels,
    ...sizes,
  ];
  const start = site.imageInput('x', image(flows[0]));
  let x = start;
  stages.forEach((stage, at) => {
    const intermediate = x;
    const raw = addConvolution(site, stage, at, flows[at] ?? noFlow, x);
    if (secondReader?.stage === at && secondReader.form === 'raw') site.output('z', raw);
    const activate = (value: Value): Value => addActivation(builder, stage.activation, value);
    if (at < stages.length - 1) {
      x = addSecondReader(site, at, activate(raw));
      return;
    }
    const sums = {
      none: (value: Value) => value,
      input: (value: Value) => addSum(site, value, start),
      intermediate: (value: Value) => addSum(site, value, intermediate),
      given: (value: Value) => addSum(site, value, site.imageInput('r', image(flows.at(-1)))),
    };
    const sum = sums[separable.residual];
    x = activationIsLast ? activate(sum(raw)) : sum(activate(raw));
  });
  site.output('y', x);
  return site.inputs;
}

/** Gives what the next stage reads. */
function addSecondReader(site: Site, at: number, value: Value): Value {
  const { builder, separable } = site;
  if (separable.secondReader?.stage !== at) return value;
  switch (separable.secondReader.form) {
    case 'output':
      site.output('z', value);
      return value;
    case 'op':
      site.output('z', builder.op('Neg', [value]));
      return value;
    case 'gate': {
      const mean = site.inFirst(value, (first) => builder.op('GlobalAveragePool', [first]));
      return builder.op('Mul', [value, builder.op('Sigmoid', [mean])]);
    }
    case 'raw':
      return value;
  }
}

function addSum({ builder, separable }: Site, value: Value, residual: Value): Value {
  return builder.op('Add', separable.residualIsFirst ? [residual, value] : [value, residual]);
}

const noFlow: Flow = { channels: 0, sizes: [] };
