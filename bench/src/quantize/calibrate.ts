/** The least and the largest element that values take, as ONNX Runtime computes them. */

import type { Tensors } from '@whittle/compiler';
import type { Graph, Value } from '@whittle/ir';
import { exportOnnx, exposeValues } from '@whittle/onnx';

import { nativeRuntime } from '../harness/onnx-runtime.js';
import { type Range, rangeOf } from './integer-format.js';

/** @throws {Error} where ONNX Runtime refuses the model, or what it gives is not finite. */
export async function calibrate(
  graph: Graph,
  values: readonly Value[],
  images: readonly Tensors[],
): Promise<ReadonlyMap<Value, Range>> {
  const names = values.map(({ name }) => name);
  const bytes = exposeValues(exportOnnx(graph), names);
  const { open } = await nativeRuntime();
  const ranges = new Map<Value, Range>();
  for (const feeds of images) {
    const session = await open(bytes, feeds);
    const seen: Tensors = { ...feeds, ...(await session.run()) };
    await session.dispose();
    for (const value of values) {
      const known = ranges.get(value);
      const range = finiteRange(value, seen);
      ranges.set(value, known ? union(known, range) : range);
    }
  }
  return ranges;
}

function finiteRange({ name }: Value, seen: Tensors): Range {
  const { data } = seen[name] ?? {};
  const range = rangeOf(data instanceof Float32Array ? data : []);
  if (Number.isFinite(range.least) && Number.isFinite(range.largest)) return range;
  throw new Error(`"${name}" has no range: ONNX Runtime gives no finite numbers for it.`);
}

function union(a: Range, b: Range): Range {
  return { least: Math.min(a.least, b.least), largest: Math.max(a.largest, b.largest) };
}
