/** Which opset says what of quantised tensors. Graphs that are built are written in 18 where it can. */

import { type Graph, parseGraph } from '@whittle/ir';
import { describe, expect, it } from 'vitest';
import { exportOnnx, importOnnx } from '../src/index.js';
import { onnx } from './onnx-models.js';

const graphOf = (lines: string): Graph => parseGraph(`graph "g" {\n${lines}\n}`);

function neededBy(graph: Graph): number {
  for (let opset = 7; ; opset++) {
    try {
      exportOnnx(graph, { opset });
      return opset;
    } catch (error) {
      if (opset === 23) throw error;
    }
  }
}

const image = 'input %x: f32[1, 2, 3]  input %s: f32[]  input %z: u8[]';

describe('the first opset for', () => {
  it.each([
    ['one scale', 10, `${image}  %y = QuantizeLinear(%x, %s, %z)  output "y" = %y`],
    [
      'a scale for each channel',
      13,
      'input %x: i8[1, 2, 3]  input %s: f32[2]  %y = DequantizeLinear(%x, %s)  output "y" = %y',
    ],
    [
      'halves',
      19,
      'input %x: i8[2]  input %s: f16[]  %y = DequantizeLinear(%x, %s)  output "y" = %y',
    ],
    [
      '16 bits',
      21,
      'input %x: u16[2]  input %s: f32[]  %y = DequantizeLinear(%x, %s)  output "y" = %y',
    ],
    [
      'blocks',
      21,
      'input %x: u8[1, 4]  input %s: f32[1, 2]  %y = DequantizeLinear(%x, %s) {block_size = 2}  output "y" = %y',
    ],
    [
      'a type that is named',
      21,
      'input %x: f32[2]  input %s: f32[]  %y = QuantizeLinear(%x, %s) {output_dtype = 3}  output "y" = %y',
    ],
    [
      'an output of halves by a scale of float32',
      23,
      'input %x: u8[2]  input %s: f32[]  %y = DequantizeLinear(%x, %s) {output_dtype = 10}  output "y" = %y',
    ],
    [
      'a product',
      10,
      'input %a: u8[2, 2]  input %s: f32[]  input %z: u8[]  %y = QLinearMatMul(%a, %s, %z, %a, %s, %z, %s, %z)  output "y" = %y',
    ],
  ])('%s is %i', (_, opset, lines) => {
    expect(neededBy(graphOf(lines))).toBe(opset);
  });

  it('defaults that came later are not written', () => {
    const graph = graphOf(
      `${image}  %y = QuantizeLinear(%x, %s, %z) {axis = 1, block_size = 0, precision = 0, saturate = 1}  output "y" = %y`,
    );
    const attributesIn = (opset: number) => {
      const { graph: written } = onnx.ModelProto.decode(exportOnnx(graph, { opset }));
      return written?.node?.[0]?.attribute?.map(({ name }) => name);
    };
    expect(attributesIn(10)).toEqual([]);
    expect(attributesIn(13)).toEqual(['axis']);
    expect(attributesIn(21)).toEqual(['axis', 'block_size', 'saturate']);
    expect(importOnnx(exportOnnx(graph)).metadata['onnx.opset.ai.onnx']).toBe('18');
  });
});
