/**
 * Ops as they are, on floats that integers stand for.
 *
 *     %a = DequantizeLinear(%x.quantized, …)
 *     %w = DequantizeLinear(const, …) {axis = 0}
 *     %b = DequantizeLinear(const, …) {axis = 0}
 *     %c = Conv(%a, %w, %b)
 *     %y.quantized = QuantizeLinear(%c, …)
 */

import type { Node, Value } from '@whittle/ir';
import { weightAxis } from './quantization-plan.js';
import { quantizeWeights } from './quantized-weights.js';
import type { StepForm, StepWriter } from './step-form.js';

export const qdqForm: StepForm = {
  compute: ({ node, result }, writer) => {
    const { builder, operands } = writer;
    if (result === undefined) return;
    const inputs =
      weightAxis(node) === undefined
        ? node.inputs.map((input) => input && operands.dequantized(input))
        : weighedInputs(node, writer);
    const options = { name: node.name, outputs: [`${result.name}.float`] };
    operands.defineFloat(result, builder.op(node.op, inputs, node.attributes, options));
  },
  read: (value, operands) => operands.dequantized(value),
  define: (value, written, operands) => operands.defineFloat(value, written),
};

function weighedInputs(
  node: Node,
  { builder, operands, weights }: StepWriter,
): readonly (Value | undefined)[] {
  const [x, weight, bias] = node.inputs;
  if (!x || !weight) return [];
  const made = quantizeWeights(node, operands.scaleOf(x), weights);
  const dequantize = (name: string, inputs: readonly Value[], axis: number): Value =>
    builder.op(
      'DequantizeLinear',
      inputs,
      { axis: { kind: 'int', value: axis } },
      { outputs: [name] },
    );
  const parts = [
    builder.constant(made.weight, `${weight.name}.quantized`),
    builder.constant(made.scale, `${weight.name}.scale`),
    builder.constant(made.zeroPoint, `${weight.name}.zero_point`),
  ];
  const inputs = [operands.dequantized(x), dequantize(weight.name, parts, made.axis)];
  if (!bias || !made.bias) return inputs;
  const biasParts = [
    builder.constant(made.bias, `${bias.name}.quantized`),
    builder.constant(made.biasScale, `${bias.name}.scale`),
  ];
  return [...inputs, dequantize(bias.name, biasParts, 0)];
}
