/**
 * Since when ops have had the form they have now. Later versions of these only took more element
 * types: a second number says since when the form takes other elements than floats.
 *
 * Source: the ONNX operator changelog.
 */

// biome-ignore format: a table
export const unchangedForms: Readonly<Record<string, readonly [floats: number, others: number]>> = {
  Abs: [6, 6], Neg: [6, 6], Sign: [9, 9], Floor: [6, 6], Ceil: [6, 6], Round: [11, 11],
  Reciprocal: [6, 6], Sqrt: [6, 6], Exp: [6, 6], Log: [6, 6], Erf: [9, 9],
  Relu: [6, 14], LeakyRelu: [6, 6], Elu: [6, 6], Selu: [6, 6], Celu: [12, 12], PRelu: [7, 9],
  ThresholdedRelu: [10, 10], Sigmoid: [6, 6], HardSigmoid: [6, 6], Softplus: [1, 1],
  Softsign: [1, 1], Tanh: [6, 6], Shrink: [9, 9],
  Sin: [7, 7], Cos: [7, 7], Tan: [7, 7], Asin: [7, 7], Acos: [7, 7], Atan: [7, 7],
  Sinh: [9, 9], Cosh: [9, 9], Asinh: [9, 9], Acosh: [9, 9], Atanh: [9, 9],
  Not: [1, 1], IsNaN: [9, 9], IsInf: [10, 10],
  Add: [7, 7], Sub: [7, 7], Mul: [7, 7], Div: [7, 7], Mod: [10, 10],
  Equal: [11, 7], Less: [7, 9], Greater: [7, 9], LessOrEqual: [12, 12], GreaterOrEqual: [12, 12],
  And: [7, 7], Or: [7, 7], Xor: [7, 7], BitShift: [11, 11],
  Min: [8, 12], Max: [8, 12], Sum: [8, 8], Mean: [8, 8], Where: [9, 9],
  Conv: [1, 1], ConvTranspose: [1, 1], GlobalMaxPool: [1, 1], GlobalAveragePool: [1, 1],
  GlobalLpPool: [2, 2], MatMul: [1, 9],
  InstanceNormalization: [6, 6], LRN: [1, 1], LpNormalization: [1, 1],
  MeanVarianceNormalization: [9, 9],
  Identity: [1, 1], Transpose: [1, 1], Concat: [4, 4], Flatten: [1, 9], Expand: [8, 8],
  Tile: [6, 6], SpaceToDepth: [1, 1], Gather: [1, 1], GatherElements: [11, 11],
  OneHot: [9, 9], Trilu: [14, 14], NonZero: [9, 9], Compress: [9, 9], CumSum: [11, 11], TopK: [11, 11],
  NonMaxSuppression: [10, 10], Unique: [11, 11],
  NegativeLogLikelihoodLoss: [12, 12], SoftmaxCrossEntropyLoss: [12, 12],
  OptionalGetElement: [15, 15], OptionalHasElement: [15, 15],
  If: [1, 1], Loop: [1, 1], Scan: [9, 9],
  ConstantOfShape: [9, 9], Size: [1, 1], Range: [11, 11], EyeLike: [9, 9],
};
