/** The forms of ops that sample images. */

import { type Node, optionalAttribute } from '@whittle/ir';
import { type Form, unchanged, withAttributes } from './form.js';

export const gridSampleForms: readonly Form[] = [unchanged(20), { since: 16, write: ofImages }];

export const roiAlignForms: readonly Form[] = [
  unchanged(16),
  unchanged(10, isOutputHalfPixel, 'coordinate_transformation_mode'),
];

/** Opsets 16 to 19 knew images only, and named the modes after them. */
function ofImages(node: Node): readonly Node[] | undefined {
  if (node.inputs[0]?.type?.dims.length !== 4) return undefined;
  const value = imageModes.get(optionalAttribute(node, 'mode', 'string') ?? 'linear');
  return [value === undefined ? node : withAttributes(node, { mode: { kind: 'string', value } })];
}

const imageModes: ReadonlyMap<string, string> = new Map([
  ['linear', 'bilinear'],
  ['cubic', 'bicubic'],
]);

/** The only one before there was a choice. */
function isOutputHalfPixel(node: Node): boolean {
  const mode = optionalAttribute(node, 'coordinate_transformation_mode', 'string');
  return mode === 'output_half_pixel';
}
