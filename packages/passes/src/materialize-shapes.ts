/**
 * Makes constants of values that shape inference knows: what `Shape` gives for known dims,
 * and the arithmetic exporters do with it. No evaluator is needed.
 *
 *     %s: i64[4] elements [1, 3, 8, 8] = Shape(%x)
 *     %y = Reshape(%x, %s)
 *   →
 *     const %s: i64[4] = [1, 3, 8, 8]
 *     %y = Reshape(%x, %s)
 */

import {
  allBound,
  type DType,
  elementCount,
  isFloat,
  type Pass,
  sweepGraph,
  type Tensor,
  tensorOf,
  type Value,
} from '@whittle/ir';

export const materializeShapes: Pass = {
  id: 'materialize-shapes',
  summary: 'Makes constants of the shapes and sizes that are known from the types.',
  run: (graph) =>
    sweepGraph(graph, (node, rewriter) => {
      const tensors = node.outputs.map(knownTensor);
      // A node of which only some outputs are known stays whole: it has to run anyway.
      if (!node.outputs.every((output, i) => output === undefined || tensors[i])) return undefined;
      return node.outputs.map((output, i) => {
        const tensor = tensors[i];
        return output && tensor && rewriter.constant(tensor, output.name);
      });
    }),
};

function knownTensor(value: Value | undefined): Tensor | undefined {
  if (!value?.elements || !value.type) return undefined;
  const { elements } = value;
  const { dtype, dims } = value.type;
  if (!allBound(elements) || !allBound(dims) || elementCount(dims) !== elements.length) {
    return undefined;
  }
  if (!elements.every((element) => isExact(element, dtype))) return undefined;
  return tensorOf(dtype, dims, elements);
}

/** Inference rounds floats as their dtype does, but does not keep the sign of a zero. */
function isExact(element: number, dtype: DType): boolean {
  return isFloat(dtype) ? element !== 0 : Number.isSafeInteger(element);
}
