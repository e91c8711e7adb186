/**
 * Moves an activation into the op before it, which applies it to each result before the store.
 *
 *     %c = Conv(%x, %w, %b)
 *     %y = Clip(%c, %zero, %six)
 *   →
 *     %y = Conv(%x, %w, %b) {activation = "Clip", activation_params = [0.0, 6.0]}
 *
 * An activation is an elementwise op of one tensor and of numbers that are known; the op before it
 * is one with the trait `epilogue`.
 */

import {
  activationParameters,
  findOp,
  isFloat,
  knownOps,
  type Node,
  node,
  op,
  optionalAttribute,
  type Pass,
  type RewriteRule,
  requiredAttribute,
  rewriteGraph,
} from '@whittle/ir';
import { clipBounds } from './shared/constants.js';

const activationOps = [...activationParameters.keys()];
const epilogueOps = knownOps()
  .filter((record) => record.traits.epilogue)
  .map((record) => record.name);

const rules: readonly RewriteRule[] = [
  {
    algebra: 'activation(contraction(x)) → contraction(x; activation)',
    pattern: op(activationOps, node('producer', epilogueOps)),
    guard: (match) => {
      const producer = match.node('producer');
      const dtype = producer.outputs[0]?.type?.dtype;
      // An activation that is there already comes first, and there is room for one.
      const isFree = optionalAttribute(producer, 'activation', 'string') === undefined;
      return isFree && dtype !== undefined && isFloat(dtype);
    },
    build: (match, rewriter) => {
      const producer = match.node('producer');
      const parameters = parametersOf(match.root);
      if (parameters === undefined) return undefined;
      const attributes = {
        ...producer.attributes,
        activation: match.root.op,
        activation_params: parameters.length === 0 ? undefined : parameters,
      };
      return rewriter.op(producer.op, producer.inputs, attributes, { name: producer.name });
    },
  },
];

export const fuseActivation: Pass = {
  id: 'fuse-activation',
  summary: 'Moves an activation into the convolution or product before it.',
  run: (graph) => rewriteGraph(graph, rules),
};

/** The numbers an activation takes, in the op table's order; undefined where they do not say it all. */
function parametersOf(activation: Node): readonly number[] | undefined {
  if (activation.op === 'Clip') {
    const bounds = clipBounds(activation);
    return bounds && [bounds.low, bounds.high];
  }
  const names = activationParameters.get(activation.op) ?? [];
  return hasDefaultsBeside(activation, names)
    ? names.map((name) => requiredAttribute(activation, name, 'float'))
    : undefined;
}

/** Whether the attributes that are not among the parameters have their defaults. */
function hasDefaultsBeside(activation: Node, names: readonly string[]): boolean {
  const specs = findOp(activation.op)?.attributes ?? {};
  return Object.entries(activation.attributes).every(
    ([name, { value }]) => names.includes(name) || value === specs[name]?.default,
  );
}
