interface PublishedModel {
  readonly id: string;
  readonly parameters: number;
  readonly macs: number;
  /** Each op with its count, most frequent first, ties by name. */
  readonly ops?: string;
}

/**
 * Trained parameters, and multiply-adds for one image of 224 x 224, as counted for torchvision's
 * models (for MobileNetV1, which it lacks: as published, 4.2 M and 569 M).
 *
 * The ops are those that PyTorch 1.13 exports for opset 16 in training mode, which keeps
 * BatchNormalization. What it writes for `chunk`, arithmetic over shapes and two Slices, is one
 * Split here, as newer exporters write it; pads of no pixels are left out.
 */
export const published: readonly PublishedModel[] = [
  { id: 'mobilenet-v1', parameters: 4_231_976, macs: 568_740_352 },
  {
    id: 'mobilenet-v2',
    parameters: 3_504_872,
    macs: 300_774_272,
    ops: 'BatchNormalization 52, Conv 52, Clip 35, Add 10, Flatten 1, Gemm 1, GlobalAveragePool 1',
  },
  {
    id: 'mobilenet-v3-large',
    parameters: 5_483_032,
    macs: 216_589_760,
    ops: 'Conv 62, BatchNormalization 46, HardSwish 21, Relu 19, Add 10, GlobalAveragePool 9, HardSigmoid 8, Mul 8, Gemm 2, Flatten 1',
  },
  {
    id: 'mobilenet-v3-small',
    parameters: 2_542_856,
    macs: 56_510_400,
    ops: 'Conv 52, BatchNormalization 34, HardSwish 19, Relu 14, GlobalAveragePool 10, HardSigmoid 9, Mul 9, Add 6, Gemm 2, Flatten 1',
  },
  {
    id: 'efficientnet-b0',
    parameters: 5_288_548,
    macs: 385_814_752,
    ops: 'Conv 81, Mul 65, Sigmoid 65, BatchNormalization 49, GlobalAveragePool 17, Add 9, Flatten 1, Gemm 1',
  },
  {
    id: 'shufflenet-v2',
    parameters: 2_278_604,
    macs: 144_907_992,
    ops: 'BatchNormalization 56, Conv 56, Relu 37, Reshape 32, Concat 16, Transpose 16, Split 13, Gemm 1, MaxPool 1, ReduceMean 1',
  },
  {
    id: 'squeezenet',
    parameters: 1_235_496,
    macs: 349_151_936,
    ops: 'Conv 26, Relu 26, Concat 8, MaxPool 3, Flatten 1, GlobalAveragePool 1',
  },
  {
    id: 'resnet-18',
    parameters: 11_689_512,
    macs: 1_814_073_344,
    ops: 'BatchNormalization 20, Conv 20, Relu 17, Add 8, Flatten 1, Gemm 1, GlobalAveragePool 1, MaxPool 1',
  },
  {
    id: 'resnet-50',
    parameters: 25_557_032,
    macs: 4_089_184_256,
    ops: 'BatchNormalization 53, Conv 53, Relu 49, Add 16, Flatten 1, Gemm 1, GlobalAveragePool 1, MaxPool 1',
  },
  {
    id: 'resnext-50',
    parameters: 25_028_904,
    macs: 4_230_479_872,
    ops: 'BatchNormalization 53, Conv 53, Relu 49, Add 16, Flatten 1, Gemm 1, GlobalAveragePool 1, MaxPool 1',
  },
  {
    id: 'densenet-121',
    parameters: 7_978_856,
    macs: 2_834_161_664,
    ops: 'BatchNormalization 121, Relu 121, Conv 120, Concat 62, AveragePool 3, Flatten 1, Gemm 1, GlobalAveragePool 1, MaxPool 1',
  },
];
