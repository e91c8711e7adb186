/**
 * Runs a Whittle graph with TensorFlow.js, which reads no ONNX, so that both engines compute the
 * same model from the same weights. Images are NHWC inside, the layout that TensorFlow.js is made
 * for, and an activation after a convolution is fused into it.
 *
 * A *step* computes values from others; everything that depends on constants only, such as
 * filters in TensorFlow's layout, is computed when the step is made.
 */

import * as tf from '@tensorflow/tfjs';
import { type Graph, indexUses, type Node, type Value } from '@whittle/ir';

import { rules } from './rules.js';
import type { Step, TfjsOptions } from './step.js';

/** Computes the outputs; images go in as NHWC and come out as NHWC. The caller disposes them. */
export type TfjsModel = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

/** @throws {Error} naming the first op or form for which there is no rule. */
export function graphToTfjs(graph: Graph, options: TfjsOptions): TfjsModel {
  const uses = indexUses(graph);
  const fused = new Set<Node>();
  const steps: Step[] = [];
  for (const node of graph.nodes) {
    if (fused.has(node)) continue;
    const rule = Object.hasOwn(rules, node.op) ? rules[node.op] : undefined;
    if (rule === undefined) throw new Error(`graphToTfjs has no rule for ${node.op}.`);
    const step = rule(node, uses, options);
    for (const later of step.fuses ?? []) fused.add(later);
    steps.push(step);
  }
  return (inputs) =>
    tf.tidy(() => {
      const values = new Map<Value, tf.Tensor>();
      graph.inputs.forEach((value, i) => {
        const input = inputs[i];
        if (input) values.set(value, input);
      });
      for (const { reads, writes, run } of steps) {
        const results = run(...reads.map((value) => lookUp(values, value)));
        writes.forEach((value, i) => {
          const result = results[i];
          if (result) values.set(value, result);
        });
      }
      return graph.outputs.map(({ value }) => lookUp(values, value));
    });
}

function lookUp(values: ReadonlyMap<Value, tf.Tensor>, value: Value): tf.Tensor {
  const tensor = values.get(value);
  if (tensor === undefined) throw new Error(`The value ${value.name} was never computed.`);
  return tensor;
}
