/**
 * Grouped and depthwise convolutions as models have them: every group count and multiplier, over
 * lines, images and volumes. A *form* is one convolution, without bias and activation.
 *
 * Source of the sizes: the publications of the models that the rows name. `multiplier` rows follow
 * MobileNetV1 and its likes with more than one filter for each channel, which few published models have.
 */

export interface ConvolutionForm {
  /** Where the form, or one like it, is found. */
  readonly model: string;
  /** Spatial axes of the input: of one, two or three dimensions. */
  readonly size: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
  readonly group: number;
  /** The filter's extent on every spatial axis. */
  readonly kernel: number;
  /** On every spatial axis. Default: 1. */
  readonly stride?: number;
  /** On every spatial axis. Default: 1. */
  readonly dilation?: number;
}

export const convolutionForms: readonly ConvolutionForm[] = [
  // Images, depthwise.
  { model: 'MobileNetV2', size: [112, 112], inputs: 32, outputs: 32, group: 32, kernel: 3 },
  {
    model: 'MobileNetV2',
    size: [56, 56],
    inputs: 144,
    outputs: 144,
    group: 144,
    kernel: 3,
    stride: 2,
  },
  { model: 'MobileNetV2', size: [14, 14], inputs: 576, outputs: 576, group: 576, kernel: 3 },
  { model: 'MobileNetV2', size: [7, 7], inputs: 960, outputs: 960, group: 960, kernel: 3 },
  { model: 'EfficientNet-B0', size: [28, 28], inputs: 240, outputs: 240, group: 240, kernel: 5 },
  { model: 'ConvNeXt-T', size: [56, 56], inputs: 96, outputs: 96, group: 96, kernel: 7 },
  {
    model: 'DeepLabV3',
    size: [33, 33],
    inputs: 960,
    outputs: 960,
    group: 960,
    kernel: 3,
    dilation: 2,
  },
  { model: 'multiplier', size: [56, 56], inputs: 64, outputs: 128, group: 64, kernel: 3 },
  {
    model: 'multiplier',
    size: [28, 28],
    inputs: 128,
    outputs: 256,
    group: 128,
    kernel: 3,
    stride: 2,
  },
  { model: 'multiplier', size: [28, 28], inputs: 64, outputs: 256, group: 64, kernel: 3 },
  { model: 'multiplier', size: [112, 112], inputs: 3, outputs: 12, group: 3, kernel: 3 },
  // Images, grouped.
  { model: 'AlexNet', size: [27, 27], inputs: 96, outputs: 256, group: 2, kernel: 5 },
  { model: 'AlexNet', size: [13, 13], inputs: 384, outputs: 384, group: 2, kernel: 3 },
  { model: 'ShuffleNetV1', size: [28, 28], inputs: 272, outputs: 68, group: 4, kernel: 1 },
  { model: 'CondenseNet', size: [14, 14], inputs: 128, outputs: 32, group: 4, kernel: 3 },
  { model: 'ResNeXt-50', size: [56, 56], inputs: 128, outputs: 128, group: 32, kernel: 3 },
  {
    model: 'ResNeXt-50',
    size: [56, 56],
    inputs: 256,
    outputs: 256,
    group: 32,
    kernel: 3,
    stride: 2,
  },
  { model: 'ResNeXt-50', size: [14, 14], inputs: 512, outputs: 512, group: 32, kernel: 3 },
  { model: 'ResNeXt-50', size: [7, 7], inputs: 1024, outputs: 1024, group: 32, kernel: 3 },
  // Lines, such as speech.
  { model: 'Conformer', size: [250], inputs: 256, outputs: 256, group: 256, kernel: 31 },
  { model: 'QuartzNet', size: [500], inputs: 256, outputs: 256, group: 256, kernel: 33 },
  { model: 'multiplier', size: [500], inputs: 128, outputs: 256, group: 128, kernel: 9 },
  { model: 'multiplier', size: [500], inputs: 64, outputs: 256, group: 64, kernel: 9 },
  { model: 'grouped speech', size: [500], inputs: 256, outputs: 256, group: 2, kernel: 5 },
  {
    model: 'grouped speech',
    size: [500],
    inputs: 256,
    outputs: 256,
    group: 4,
    kernel: 5,
    stride: 2,
  },
  { model: 'wav2vec 2.0', size: [49], inputs: 768, outputs: 768, group: 16, kernel: 128 },
  { model: 'grouped speech', size: [250], inputs: 512, outputs: 512, group: 32, kernel: 3 },
  // Volumes, such as video.
  { model: 'ir-CSN', size: [8, 28, 28], inputs: 128, outputs: 128, group: 128, kernel: 3 },
  { model: 'X3D-S', size: [13, 20, 20], inputs: 108, outputs: 108, group: 108, kernel: 3 },
  { model: 'multiplier', size: [8, 14, 14], inputs: 64, outputs: 128, group: 64, kernel: 3 },
  { model: 'multiplier', size: [8, 14, 14], inputs: 32, outputs: 128, group: 32, kernel: 3 },
  { model: 'grouped video', size: [8, 14, 14], inputs: 64, outputs: 64, group: 2, kernel: 3 },
  { model: 'grouped video', size: [8, 14, 14], inputs: 128, outputs: 128, group: 4, kernel: 3 },
  { model: 'ResNeXt-101 3-D', size: [8, 28, 28], inputs: 128, outputs: 128, group: 32, kernel: 3 },
];

export function isDepthwise({ inputs, group }: ConvolutionForm): boolean {
  return group === inputs;
}

/** Zeros at both ends of every axis: as many outputs as inputs, for an odd kernel and stride 1. */
export function padOf({ kernel, dilation = 1 }: ConvolutionForm): number {
  return Math.floor((dilation * (kernel - 1) + 1) / 2);
}

/** Outputs along each spatial axis. */
export function outputSizeOf(form: ConvolutionForm): number[] {
  const { size, kernel, stride = 1, dilation = 1 } = form;
  const reach = dilation * (kernel - 1) + 1;
  return size.map((length) => Math.floor((length + 2 * padOf(form) - reach) / stride) + 1);
}

export function multiplyAddsOf(form: ConvolutionForm): number {
  const { size, inputs, outputs, group, kernel } = form;
  const elements = outputSizeOf(form).reduce((product, length) => product * length, outputs);
  return elements * (inputs / group) * kernel ** size.length;
}

/** `56x56 128→128 k3 g32`, and stride and dilation where they are not 1. */
export function describeForm(form: ConvolutionForm): string {
  const { size, inputs, outputs, group, kernel, stride = 1, dilation = 1 } = form;
  const more = [
    ...(stride === 1 ? [] : [`s${stride}`]),
    ...(dilation === 1 ? [] : [`d${dilation}`]),
  ];
  return [`${size.join('x')} ${inputs}→${outputs} k${kernel} g${group}`, ...more].join(' ');
}
