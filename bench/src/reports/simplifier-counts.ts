/**
 * How many nodes other simplifiers leave of well-known exports. Each figure was measured by running
 * the simplifier: ONNX Runtime 1.30, its optimised model written at the level `basic`, which keeps
 * to ONNX's own ops; and onnxsim, built as WebAssembly.
 */

interface SimplifierCount {
  /** What the stem of the file begins with. */
  readonly model: string;
  /** Nodes of the file that they were given: exporters differ, so only that file compares. */
  readonly before: number;
  readonly onnxruntimeBasic: number;
  readonly onnxsim: number;
}

const simplifierCounts: readonly SimplifierCount[] = [
  { model: 'mobilenet_v3_small', before: 156, onnxruntimeBasic: 141, onnxsim: 122 },
  { model: 'efficientnet_b0', before: 288, onnxruntimeBasic: 239, onnxsim: 239 },
  { model: 'shufflenet_v2_x1_0', before: 784, onnxruntimeBasic: 186, onnxsim: 186 },
  { model: 'convnext_tiny', before: 612, onnxruntimeBasic: 504, onnxsim: 394 },
  { model: 'ch_ppocr_mobile_v2.0_cls', before: 471, onnxruntimeBasic: 179, onnxsim: 180 },
  { model: 'ch_PP-OCRv4_det', before: 672, onnxruntimeBasic: 328, onnxsim: 297 },
];

export interface BestCount {
  readonly nodes: number;
  readonly by: 'onnxruntime basic' | 'onnxsim';
}

/** The smaller figure for that file; undefined where there is none. */
export function bestCountFor(stem: string, before: number): BestCount | undefined {
  const row = simplifierCounts.find((count) => stem.startsWith(count.model));
  if (row === undefined || row.before !== before) return undefined;
  const { onnxruntimeBasic, onnxsim } = row;
  return onnxsim < onnxruntimeBasic
    ? { nodes: onnxsim, by: 'onnxsim' }
    : { nodes: onnxruntimeBasic, by: 'onnxruntime basic' };
}
