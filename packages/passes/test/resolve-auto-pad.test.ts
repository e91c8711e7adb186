import { genericTarget, optionalAttribute, parseGraph } from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { resolveAutoPad } from '../src/resolve-auto-pad.js';
import { expectPass, expectUnchanged } from './before-expected.js';

describe('resolve-auto-pad', () => {
  test('puts the odd element at the end for SAME_UPPER and at the beginning for SAME_LOWER', () => {
    for (const [mode, pads] of [
      ['SAME_UPPER', '[0, 1, 1, 1]'],
      ['SAME_LOWER', '[1, 1, 0, 1]'],
      ['VALID', '[0, 0, 0, 0]'],
    ]) {
      expectPass(
        resolveAutoPad,
        `input %x: f32[1,1,8,7]
         const %w: f32[1,1,3,3] = seeded 1
         %y = Conv(%x, %w) {auto_pad = "${mode}", strides = [2, 2]}
         output "y" = %y`,
        `input %x: f32[1,1,8,7]
         const %w: f32[1,1,3,3] = seeded 1
         %y = Conv(%x, %w) {strides = [2, 2], pads = ${pads}}
         output "y" = %y`,
      );
    }
  });

  test('knows where the filter of a quantised convolution is', () => {
    const before = (pads: string) =>
      `input %x: u8[1,1,8,7]
       const %w: u8[1,1,3,3] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
       const %s: f32[] = [0.5]
       const %z: u8[] = [1]
       %i = ConvInteger(%x, %w) {${pads}}
       %q = QLinearConv(%x, %s, %z, %w, %s, %z, %s, %z) {${pads}}
       output "i" = %i  output "q" = %q`;
    expectPass(
      resolveAutoPad,
      before('auto_pad = "SAME_UPPER", strides = [2, 2]'),
      before('strides = [2, 2], pads = [0, 1, 1, 1]'),
    );
  });

  test('keeps the output size of every window, stride and dilation', () => {
    for (const op of ['MaxPool', 'AveragePool']) {
      for (const mode of ['SAME_UPPER', 'SAME_LOWER', 'VALID']) {
        for (const size of [5, 6, 9]) {
          for (const [kernel, stride, dilation] of [
            [1, 3, 1],
            [2, 1, 2],
            [3, 2, 1],
            [3, 2, 2],
          ]) {
            const graph = parseGraph(`graph "g" {
              input %x: f32[1,1,${size}]
              %y = ${op}(%x) {auto_pad = "${mode}", kernel_shape = [${kernel}],
                strides = [${stride}], dilations = [${dilation}], ceil_mode = 1}
              output "y" = %y
            }`);
            const after = resolveAutoPad.run(graph, { target: genericTarget });
            const [pool] = after.nodes;
            expect(pool && optionalAttribute(pool, 'auto_pad', 'string')).toBe('NOTSET');
            expect(after.outputs[0]?.value.type).toEqual(graph.outputs[0]?.value.type);
          }
        }
      }
    }
  });

  test('crops a transposed convolution to output_shape, and pads where it is larger', () => {
    const transposed = (attributes: string) => `input %x: f32[1,1,3,3]
       const %w: f32[1,1,3,2] = seeded 1
       %y = ConvTranspose(%x, %w) {strides = [2, 2], ${attributes}}
       output "y" = %y`;
    expectPass(
      resolveAutoPad,
      transposed('output_shape = [6, 7]'),
      transposed('output_padding = [0, 1], pads = [1, 0, 0, 0]'),
    );
    expectPass(
      resolveAutoPad,
      transposed('auto_pad = "SAME_UPPER"'),
      transposed('pads = [0, 0, 1, 0]'),
    );
  });

  test('resolves symbolic sizes at stride 1', () => {
    const conv = (attributes: string) => `input %x: f32[N,1,H,W]
       const %w: f32[1,1,3,3] = seeded 1
       %y: f32[N,1,H,W] = Conv(%x, %w) {${attributes}}
       output "y" = %y`;
    expectPass(resolveAutoPad, conv('auto_pad = "SAME_UPPER"'), conv('pads = [1, 1, 1, 1]'));
  });

  test('must not fire on a symbolic size at stride 2, where the padding depends on it', () => {
    expectUnchanged(
      resolveAutoPad,
      `input %x: f32[N,1,H,W]
       const %w: f32[1,1,3,3] = seeded 1
       %y = Conv(%x, %w) {auto_pad = "SAME_UPPER", strides = [2, 2]}
       output "y" = %y`,
    );
  });
});
