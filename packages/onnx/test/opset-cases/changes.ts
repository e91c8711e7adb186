/**
 * Which ops opsets 18 to 23 brought or changed, and in what. "More types" without a name are those of 8 and 4
 * bits that Whittle refuses: `float8e4m3fn`, `float8e4m3fnuz`, `float8e5m2` and `float8e5m2fnuz` came in
 * opset 19, `int4` and `uint4` in 21, `float4e2m1` in 23.
 *
 * Source: the ONNX operator changelog.
 */

export interface OpsetChange {
  readonly op: string;
  readonly opset: number;
  readonly change: string;
}

function changed(opset: number, change: string, ...ops: readonly string[]): OpsetChange[] {
  return ops.map((op) => ({ op, opset, change }));
}

const isNew = 'came into ONNX';
const moreTypes = 'takes more types';
const bfloat16 = 'takes bfloat16';

// biome-ignore format: a table
export const changes: readonly OpsetChange[] = [
  ...changed(18, isNew, 'BitwiseAnd', 'BitwiseNot', 'BitwiseOr', 'BitwiseXor', 'CenterCropPad', 'Col2Im', 'Mish'),
  ...changed(18, 'came into ONNX, with a scale and a bias for each group', 'GroupNormalization'),
  ...changed(18, 'axes are an input; noop_with_empty_axes', 'ReduceL1', 'ReduceL2', 'ReduceLogSum', 'ReduceLogSumExp', 'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd', 'ReduceSumSquare'),
  ...changed(18, 'num_outputs, and a last part that may be smaller', 'Split'),
  ...changed(18, 'axes as an input', 'Pad'),
  ...changed(18, 'axes, antialias, keep_aspect_ratio_policy', 'Resize'),
  ...changed(18, 'reductions max and min', 'ScatterElements', 'ScatterND'),
  ...changed(18, 'ceil_mode, dilations', 'LpPool'),
  ...changed(18, 'takes what is no optional too', 'OptionalGetElement'),
  ...changed(18, 'takes what is no optional, and no input at all', 'OptionalHasElement'),

  ...changed(19, 'dilations', 'AveragePool'),
  ...changed(19, 'saturate; more types', 'Cast', 'CastLike'),
  ...changed(19, moreTypes, 'Constant', 'Identity', 'If', 'Loop', 'Reshape', 'Scan', 'Shape', 'Size'),
  ...changed(19, isNew, 'DeformConv'),
  ...changed(19, 'compares strings', 'Equal'),
  ...changed(19, 'mode wrap', 'Pad'),
  ...changed(19, 'half_pixel_symmetric; policies look at `axes` only', 'Resize'),
  ...changed(19, 'saturate; float16 and bfloat16; 8-bit floats', 'QuantizeLinear'),
  ...changed(19, 'float16 and bfloat16; 8-bit floats', 'DequantizeLinear'),

  ...changed(20, isNew, 'AffineGrid', 'Gelu', 'ImageDecoder', 'RegexFullMatch', 'StringConcat', 'StringSplit'),
  ...changed(20, 'the axis is an input, of other default', 'DFT'),
  ...changed(20, 'any number of axes, modes linear and cubic', 'GridSample'),
  ...changed(20, 'takes bfloat16 and more types', 'ConstantOfShape'),
  ...changed(20, 'takes float16 and bfloat16, and more types', 'IsInf'),
  ...changed(20, moreTypes, 'IsNaN'),
  ...changed(20, 'takes bool', 'ReduceMax', 'ReduceMin'),

  ...changed(21, moreTypes, 'Cast', 'CastLike', 'Constant', 'ConstantOfShape', 'Flatten', 'Identity', 'If', 'Loop', 'Pad', 'Reshape', 'Scan', 'Shape', 'Size', 'Squeeze', 'Transpose', 'Unsqueeze'),
  ...changed(21, 'scale and bias for each channel; stash_type', 'GroupNormalization'),
  ...changed(21, 'block_size, output_dtype; 16-bit and 4-bit integers', 'QuantizeLinear'),
  ...changed(21, 'block_size; 16-bit and 4-bit integers', 'DequantizeLinear'),
  ...changed(21, 'scales of float16 and bfloat16; 8-bit floats', 'QLinearMatMul'),

  ...changed(22, bfloat16, 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'AveragePool', 'Bernoulli', 'Conv', 'ConvTranspose', 'Cos', 'Cosh', 'DeformConv', 'Det', 'Dropout', 'Elu', 'EyeLike', 'GRU', 'GlobalAveragePool', 'GlobalLpPool', 'GlobalMaxPool', 'GridSample', 'HardSigmoid', 'HardSwish', 'InstanceNormalization', 'LSTM', 'LpNormalization', 'LpPool', 'MaxPool', 'MaxRoiPool', 'MaxUnpool', 'Mish', 'Multinomial', 'NegativeLogLikelihoodLoss', 'RNN', 'RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike', 'RoiAlign', 'Round', 'Selu', 'Sin', 'Sinh', 'Softplus', 'Softsign', 'Tan', 'ThresholdedRelu'),

  ...changed(23, isNew, 'Attention', 'RMSNormalization', 'RotaryEmbedding'),
  ...changed(23, moreTypes, 'Cast', 'CastLike', 'Constant', 'ConstantOfShape', 'Flatten', 'Identity', 'If', 'Loop', 'Pad', 'Reshape', 'Scan', 'Shape', 'Size', 'Squeeze', 'Transpose', 'Unsqueeze'),
  ...changed(23, 'precision; scales of other types', 'QuantizeLinear'),
  ...changed(23, 'output_dtype', 'DequantizeLinear'),
];
