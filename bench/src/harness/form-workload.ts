/** A form as an ONNX model, and the numbers that every engine computes it with. */

import {
  GraphBuilder,
  seededTensor,
  type Tensor,
  transposeTensor,
  typedArrayOf,
  type Value,
} from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';

import { type ConvolutionForm, padOf } from './convolution-form.js';

export interface FormWorkload extends FormModel {
  /** The same on images whose channels lie last: [1, …size, inputs] to [1, …, outputs]. */
  readonly channelsLast: FormModel;
  /** [outputs, inputs / group, …kernel]. */
  readonly filters: FormTensor;
}

interface FormModel {
  readonly bytes: Uint8Array;
  /** [1, inputs, …size] where nothing else is said. */
  readonly input: FormTensor;
}

export interface FormTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export const inputName = 'x';
export const outputName = 'y';

export function formWorkload(form: ConvolutionForm): FormWorkload {
  const { size, inputs, outputs, group, kernel, stride = 1, dilation = 1 } = form;
  const along = (value: number): number[] => size.map(() => value);
  const image = seededTensor('float32', [1, inputs, ...size], 1);
  const filters = seededTensor('float32', [outputs, inputs / group, ...along(kernel)], 2);
  const attributes = {
    group,
    kernel_shape: along(kernel),
    strides: along(stride),
    dilations: along(dilation),
    pads: [...along(padOf(form)), ...along(padOf(form))],
  };
  const axes = size.map((_, axis) => axis);
  const toLast = [0, ...axes.map((axis) => axis + 2), 1];
  const toFirst = [0, size.length + 1, ...axes.map((axis) => axis + 1)];
  const modelOf = (input: Tensor, isLast: boolean): FormModel => {
    const builder = new GraphBuilder('form');
    const turned = (value: Value, perm: readonly number[]): Value =>
      isLast ? builder.op('Transpose', [value], { perm }) : value;
    const x = turned(builder.input(inputName, 'float32', input.dims), toFirst);
    const y = builder.op('Conv', [x, builder.constant(filters)], attributes);
    builder.output(outputName, turned(y, toLast));
    return { bytes: exportOnnx(builder.build()), input: formTensor(input) };
  };
  return {
    ...modelOf(image, false),
    channelsLast: modelOf(transposeTensor(image, toLast), true),
    filters: formTensor(filters),
  };
}

function formTensor(tensor: Tensor): FormTensor {
  const data = typedArrayOf(tensor);
  if (data instanceof Float32Array) return { dims: tensor.dims, data };
  throw new Error(`A form is of float32, not ${tensor.dtype}.`);
}
