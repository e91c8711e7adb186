/** A form as an ONNX model, and the numbers that every engine computes it with. */

import { GraphBuilder, seededTensor, type Tensor, typedArrayOf } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';

import { type ConvolutionForm, padOf } from './convolution-form.js';

export interface FormWorkload {
  readonly bytes: Uint8Array;
  /** [1, inputs, …size]. */
  readonly input: FormTensor;
  /** [outputs, inputs / group, …kernel]. */
  readonly filters: FormTensor;
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
  const builder = new GraphBuilder('form');
  const x = builder.input(inputName, 'float32', image.dims);
  const y = builder.op('Conv', [x, builder.constant(filters)], {
    group,
    kernel_shape: along(kernel),
    strides: along(stride),
    dilations: along(dilation),
    pads: [...along(padOf(form)), ...along(padOf(form))],
  });
  builder.output(outputName, y);
  return {
    bytes: exportOnnx(builder.build()),
    input: formTensor(image),
    filters: formTensor(filters),
  };
}

function formTensor(tensor: Tensor): FormTensor {
  const data = typedArrayOf(tensor);
  if (data instanceof Float32Array) return { dims: tensor.dims, data };
  throw new Error(`A form is of float32, not ${tensor.dtype}.`);
}
