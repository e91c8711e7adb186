/** Writes a model anew, as its plan says, in one of two forms. */

import { type Graph, GraphBuilder, type Value } from '@whittle/ir';

import type { IntegerFormat, Parameters } from './integer-format.js';
import { Operands } from './operands.js';
import { qdqForm } from './qdq-form.js';
import { qoperatorForm } from './qoperator-form.js';
import type { QuantizationPlan, Step } from './quantization-plan.js';
import type { StepForm, StepWriter } from './step-form.js';

const forms = { qdq: qdqForm, qoperator: qoperatorForm } as const satisfies Readonly<
  Record<string, StepForm>
>;

export type QuantizedForm = keyof typeof forms;

export const quantizedForms = Object.keys(forms) as readonly QuantizedForm[];

interface Formats {
  readonly parameters: ReadonlyMap<Value, Parameters>;
  /** Of activations. */
  readonly format: IntegerFormat;
  readonly weights: IntegerFormat;
}

export function writeQuantized(
  graph: Graph,
  plan: QuantizationPlan,
  form: QuantizedForm,
  { parameters, format, weights }: Formats,
): Graph {
  const builder = new GraphBuilder(graph.name);
  for (const [key, text] of Object.entries(graph.metadata)) builder.metadata(key, text);
  const operands = new Operands(builder, parameters, format);
  for (const input of graph.inputs) {
    const { dtype = 'float32', dims = [] } = input.type ?? {};
    operands.defineFloat(input, builder.input(input.name, dtype, dims));
  }
  for (const step of plan.steps) writeStep(step, forms[form], { builder, operands, weights });
  for (const { name, value } of graph.outputs) builder.output(name, operands.float(value));
  return builder.build();
}

const floatForm: Pick<StepForm, 'read' | 'define'> = {
  read: (value, operands) => operands.float(value),
  define: (value, written, operands) => operands.defineFloat(value, written),
};

function writeStep(step: Step, form: StepForm, writer: StepWriter): void {
  if (step.role === 'computes') {
    form.compute(step, writer);
    return;
  }
  const { node } = step;
  const { builder, operands } = writer;
  const { read, define } = step.role === 'moves' ? form : floatForm;
  const inputs = node.inputs.map((input, i) => {
    // What says where elements go (axes, sizes) is never rounded.
    if (input === undefined) return undefined;
    return i === 0 ? read(input, operands) : operands.float(input);
  });
  const outputs = node.outputs.map((output) => output?.name);
  const written = builder.node(node.op, inputs, node.attributes, { name: node.name, outputs });
  node.outputs.forEach((output, i) => {
    const made = written.outputs[i];
    if (output && made) define(output, made, operands);
  });
}
