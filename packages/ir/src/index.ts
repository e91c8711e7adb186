export * from './attributes.js';
export * from './band-rows.js';
export * from './builder.js';
export * from './conv-kind.js';
export * from './dead-nodes.js';
export * from './dim.js';
export * from './dim-range.js';
export * from './divisors.js';
export * from './dtype.js';
export * from './errors.js';
export type { Activation, ActivationName, ActivationOp } from './forms/activations.js';
export type {
  ConvolutionOptions,
  DataFormats,
  GroupConvolutionOptions,
  Padding,
  PerAxis,
  SeparableConvolutionOptions,
  SpatialRank,
} from './forms/convolution-options.js';
export { samePadding, type WindowAxis } from './forms/same-padding.js';
export * from './graph.js';
export * from './half.js';
export * from './infer.js';
export * from './loop-turns.js';
export * from './match.js';
export * from './names.js';
export * from './node.js';
export * from './op-record.js';
export * from './op-table.js';
export { parseEinsum } from './ops/einsum-equation.js';
export { activationParameters } from './ops/epilogue.js';
export * from './pass.js';
export * from './pass-runner.js';
export * from './pattern.js';
export * from './rebuild-node.js';
export * from './rewrite.js';
export type { Replacement, RewriteContext, Rewriter } from './rewriter.js';
export * from './seeded.js';
export * from './separable-stages.js';
export * from './sweep.js';
export * from './tensor.js';
export { decodeBase64, encodeBase64 } from './text/base64.js';
export * from './text/parse.js';
export { parseDim } from './text/parse-dim.js';
export * from './text/print.js';
export { formatType } from './text/print-tensor.js';
export { quoteText } from './text/quote.js';
export * from './thread-tile.js';
export * from './transpose-tensor.js';
export type { Scope } from './use-counts.js';
export { maxRegionDepth, verifyGraph } from './verify.js';
export * from './workgroup-tile.js';
