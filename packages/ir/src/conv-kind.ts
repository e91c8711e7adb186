/** What kind of convolution a `Conv` is, which decides how it is best computed. */

import { optionalAttribute } from './attributes.js';
import { isBound } from './dim.js';
import type { Node } from './graph.js';

/**
 * - `depthwise`: one input channel a group, each filtered on its own by one or more filters;
 * - `pointwise`: each output pixel from one input pixel, all channels mixed; stride and pads are free;
 * - `grouped`: several groups of several channels;
 * - `regular`: everything else.
 */
export type ConvKind = 'regular' | 'pointwise' | 'depthwise' | 'grouped';

/** Undefined for other ops, and where the filter has no dims as numbers. */
export function convKind(node: Node): ConvKind | undefined {
  if (node.op !== 'Conv') return undefined;
  const filter = node.inputs[1]?.type?.dims;
  const channels = filter?.[1];
  if (filter === undefined || channels === undefined || !filter.every(isBound)) return undefined;
  const group = optionalAttribute(node, 'group', 'int') ?? 1;
  if (group > 1) return channels === 1 ? 'depthwise' : 'grouped';
  return filter.slice(2).every((tap) => tap === 1) ? 'pointwise' : 'regular';
}
