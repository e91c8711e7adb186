/**
 * Ops on integers, that take the scale and zero point of what they read and of what they write.
 *
 *     %y.quantized = QLinearConv(%x.quantized, …, const, …, …, const)
 */

import type { AttributeLiterals, Node, Value } from '@whittle/ir';

import type { Integers, Operands } from './operands.js';
import { weightAxis } from './quantization-plan.js';
import { quantizeWeights } from './quantized-weights.js';
import type { StepForm, StepWriter } from './step-form.js';

interface IntegerOp {
  readonly op: string;
  readonly attributes?: AttributeLiterals;
}

/** The op for each op. ONNX itself has only the first two. */
const integerOps: ReadonlyMap<string, IntegerOp> = new Map<string, IntegerOp>([
  ['Conv', { op: 'QLinearConv' }],
  ['MatMul', { op: 'QLinearMatMul' }],
  ['Add', { op: 'com.microsoft::QLinearAdd' }],
  [
    'GlobalAveragePool',
    {
      op: 'com.microsoft::QLinearGlobalAveragePool',
      attributes: { channels_last: { kind: 'int', value: 0 } },
    },
  ],
]);

export const qoperatorForm: StepForm = {
  compute: ({ node, result }, writer) => {
    const { builder, operands } = writer;
    const integerOp = integerOps.get(node.op);
    if (!integerOp) throw new Error(`There is no op on integers for ${node.op}.`);
    if (!result) return;
    const { scale, zeroPoint } = operands.scaling(result);
    const [read, bias] = readOperands(node, writer);
    const inputs = [...read.flatMap(triple), scale, zeroPoint, ...(bias ? [bias] : [])];
    const attributes = { ...node.attributes, ...integerOp.attributes };
    const options = { name: node.name, outputs: [`${result.name}.quantized`] };
    operands.defineIntegers(result, builder.op(integerOp.op, inputs, attributes, options));
  },
  read: (value, operands) => operands.integers(value).value,
  define: (value, written, operands) => operands.defineIntegers(value, written),
};

function triple({ value, scale, zeroPoint }: Integers): readonly Value[] {
  return [value, scale, zeroPoint];
}

function readOperands(
  node: Node,
  { builder, operands, weights }: StepWriter,
): readonly [read: readonly Integers[], bias?: Value] {
  const [x, weight, bias] = node.inputs;
  if (weightAxis(node) === undefined || !x || !weight) return [integersOf(node, operands)];
  const made = quantizeWeights(node, operands.scaleOf(x), weights);
  const weighed = {
    value: builder.constant(made.weight, `${weight.name}.quantized`),
    scale: builder.constant(made.scale, `${weight.name}.scale`),
    zeroPoint: builder.constant(made.zeroPoint, `${weight.name}.zero_point`),
  };
  const read = [operands.integers(x), weighed];
  if (!bias || !made.bias) return [read];
  return [read, builder.constant(made.bias, `${bias.name}.quantized`)];
}

function integersOf(node: Node, operands: Operands): readonly Integers[] {
  return node.inputs.flatMap((input) => (input ? [operands.integers(input)] : []));
}
