/** The forms of Resize, down to the Upsample of opset 9. */

import { type Node, numbersOf, optionalAttribute, tensorOf } from '@whittle/ir';
import { constantOf, type Form, says, unchanged, withoutAttributes } from './form.js';

export const resizeForms: readonly Form[] = [
  unchanged(19),
  { since: 18, write: (node) => (isNewIn19(node) ? undefined : [node]) },
  {
    since: 13,
    write: (node) => (isNewIn18(node) ? undefined : [withoutAttributes(node, ...newIn18)]),
  },
  { since: 11, write: withPlaceholders },
  { since: 10, write: (node) => byScales(node, 'Resize', false) },
  { since: 9, write: (node) => byScales(node, 'Upsample', true) },
];

const newIn18 = ['antialias', 'keep_aspect_ratio_policy'];

function isNewIn19(node: Node): boolean {
  return transformation(node) === 'half_pixel_symmetric';
}

function isNewIn18(node: Node): boolean {
  return (
    isNewIn19(node) ||
    says(node, 'antialias', 0) ||
    says(node, 'keep_aspect_ratio_policy', 'stretch') ||
    node.attributes.axes !== undefined
  );
}

/** Opsets 11 and 12 want a tensor for roi and scales, an empty one where there is nothing to say. */
function withPlaceholders(node: Node): readonly Node[] | undefined {
  if (isNewIn18(node)) return undefined;
  const [x, roi, scales, sizes] = node.inputs;
  const empty = (name: string) =>
    constantOf(`${node.outputs[0]?.name ?? ''}_${name}`, tensorOf('float32', [0], []));
  const inputs = [x, roi ?? empty('roi'), scales ?? empty('scales')];
  const bare = withoutAttributes(node, ...newIn18);
  return [{ ...bare, inputs: sizes === undefined ? inputs : [...inputs, sizes] }];
}

/** The forms that take the element at `index / scale`, rounded down, or up where something shrinks. */
function byScales(node: Node, op: string, growsOnly: boolean): readonly Node[] | undefined {
  const [x, , scales] = node.inputs;
  const mode = optionalAttribute(node, 'mode', 'string') ?? 'nearest';
  if (isNewIn18(node) || scales?.constant === undefined || transformation(node) !== 'asymmetric') {
    return undefined;
  }
  const shrinks = numbersOf(scales.constant).some((scale) => scale < 1);
  const rounding = optionalAttribute(node, 'nearest_mode', 'string');
  const roundsAlike = mode !== 'nearest' || rounding === (shrinks ? 'ceil' : 'floor');
  if (mode === 'cubic' || !roundsAlike || (shrinks && growsOnly)) return undefined;
  const attributes = { mode: { kind: 'string', value: mode } } as const;
  return [{ ...node, op, inputs: [x, scales], attributes }];
}

function transformation(node: Node): string | undefined {
  return optionalAttribute(node, 'coordinate_transformation_mode', 'string');
}
