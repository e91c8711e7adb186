/**
 * The convolutions that a `SeparableConv` stands for, one after another, as `Conv` nodes. Lowering
 * writes their loops, the exporter writes them as they are, and costs are theirs summed up.
 */

import { type AttributeLiterals, optionalAttribute } from './attributes.js';
import type { Dim } from './dim.js';
import { CompilerError } from './errors.js';
import type { Node, Value } from './graph.js';
import { createNode, firstOutput } from './node.js';

export interface SeparableStages {
  /** Pointwise; absent where the op has no expansion. */
  readonly expand: Node | undefined;
  readonly depthwise: Node;
  /** Absent where the op ends with the depthwise convolution. */
  readonly pointwise: Node | undefined;
  /** Those there are, in order; the output of the last is the op's own. */
  readonly inOrder: readonly Node[];
}

/** @throws {CompilerError} `E_INTERNAL` for another op, or inputs whose dims are not known. */
export function separableStages(node: Node): SeparableStages {
  const [x, d, p, bd, bp, r, e, be] = node.inputs;
  const [y] = node.outputs;
  const groups = d?.type && channelsInto(x, e);
  if (node.op !== 'SeparableConv' || y === undefined || typeof groups !== 'number') {
    throw new CompilerError('E_INTERNAL', `${node.op} has no stages of known size.`, {
      where: { node: node.name, op: node.op },
    });
  }
  const stage = (
    inputs: readonly (Value | undefined)[],
    attributes: AttributeLiterals,
    prefix: string,
  ): Node =>
    createNode({
      op: 'Conv',
      name: node.name,
      inputs,
      attributes: { ...attributes, ...activationOf(node, prefix) },
      outputs: [`${y.name}_${prefix}conv`],
    });
  const expand = e && stage([x, e, be], {}, 'expand_');
  const window = Object.fromEntries(
    ['strides', 'pads', 'dilations'].map((name) => [name, optionalAttribute(node, name, 'ints')]),
  );
  const input = expand === undefined ? x : firstOutput(expand);
  const convolution = { ...window, group: groups };
  if (p === undefined) {
    const depthwise = { ...stage([input, d, bd, r], convolution, ''), outputs: [y] };
    return stagesInOrder(expand, depthwise, undefined);
  }
  const depthwise = stage([input, d, bd], convolution, 'depthwise_');
  const pointwise = { ...stage([firstOutput(depthwise), p, bp, r], {}, ''), outputs: [y] };
  return stagesInOrder(expand, depthwise, pointwise);
}

function stagesInOrder(
  expand: Node | undefined,
  depthwise: Node,
  pointwise: Node | undefined,
): SeparableStages {
  const inOrder = [expand, depthwise, pointwise].flatMap((stage) => stage ?? []);
  return { expand, depthwise, pointwise, inOrder };
}

/** The channels that the depthwise stage reads. */
function channelsInto(x: Value | undefined, expansion: Value | undefined): Dim | undefined {
  return expansion === undefined ? x?.type?.dims[1] : expansion.type?.dims[0];
}

function activationOf(node: Node, prefix: string): AttributeLiterals {
  return {
    activation: optionalAttribute(node, `${prefix}activation`, 'string'),
    activation_params: optionalAttribute(node, `${prefix}activation_params`, 'floats'),
  };
}
