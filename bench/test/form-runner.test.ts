import * as tf from '@tensorflow/tfjs';
import { importOnnx } from '@whittle/onnx';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  type ConvolutionForm,
  convolutionForms,
  describeForm,
  outputSizeOf,
} from '../src/harness/convolution-form.ts';
import { differenceBetween } from '../src/harness/difference.ts';
import { formWorkload, inputName, outputName } from '../src/harness/form-workload.ts';
import { nativeRuntime } from '../src/harness/onnx-runtime.ts';
import { formRunner } from '../src/tfjs/form-runner.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const model = 'small';
const small: readonly ConvolutionForm[] = [
  { model, size: [9], inputs: 4, outputs: 8, group: 4, kernel: 3, stride: 2 },
  { model, size: [12], inputs: 4, outputs: 4, group: 4, kernel: 5, dilation: 2 },
  { model, size: [9], inputs: 4, outputs: 6, group: 2, kernel: 4 },
  { model, size: [7, 9], inputs: 4, outputs: 16, group: 4, kernel: 3, dilation: 2 },
  { model, size: [8, 6], inputs: 3, outputs: 6, group: 3, kernel: 3, stride: 2 },
  { model, size: [7, 9], inputs: 6, outputs: 9, group: 3, kernel: 3, stride: 2 },
  { model, size: [5, 4], inputs: 8, outputs: 4, group: 4, kernel: 1 },
  { model, size: [3, 5, 4], inputs: 3, outputs: 6, group: 3, kernel: 3 },
  { model, size: [3, 5, 4], inputs: 4, outputs: 6, group: 2, kernel: 3 },
];

describe.each(small.map((form) => [describeForm(form), form] as const))('%s', (_, form) => {
  it('is computed by TensorFlow.js as ONNX Runtime computes it', async () => {
    const workload = formWorkload(form);
    const { dims, data } = workload.input;
    const { open } = await nativeRuntime();
    const session = await open(workload.bytes, { [inputName]: { dtype: 'float32', dims, data } });
    const expected = (await session.run())[outputName];
    const runner = formRunner(form, workload);
    const actual = runner.channelsFirst();
    expect(runner.run()).toHaveLength(actual.length);
    runner.dispose();
    expect(expected?.dims).toEqual([1, form.outputs, ...outputSizeOf(form)]);
    if (!(expected?.data instanceof Float32Array)) throw new Error('The output is not float32.');
    expect(differenceBetween(actual, expected.data).relative).toBeLessThan(1e-5);
  });
});

it.each(convolutionForms.map((form) => [describeForm(form), form] as const))(
  'knows the size of what %s gives',
  (_, form) => {
    const [output] = importOnnx(formWorkload(form).bytes).outputs;
    expect(output?.value.type?.dims).toEqual([1, form.outputs, ...outputSizeOf(form)]);
  },
);

it('measures every form over one, two and three axes', () => {
  for (const rank of [1, 2, 3]) {
    const forms = convolutionForms.filter(({ size }) => size.length === rank);
    const depthwise = forms.filter(({ inputs, group }) => inputs === group);
    const multipliers = depthwise.map(({ inputs, outputs }) => outputs / inputs);
    expect(new Set(multipliers)).toEqual(new Set([1, 2, 4]));
    const groups = forms.filter((form) => !depthwise.includes(form)).map(({ group }) => group);
    expect(groups).toEqual(expect.arrayContaining([2, 4, 32]));
  }
});
