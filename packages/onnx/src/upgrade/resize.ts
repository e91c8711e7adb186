/**
 * Upsample, Resize of opset 10, and the empty placeholders of opset 11: all to the one `Resize`.
 *
 * Upsample (7, 9) and the first Resize (10) map an output index to `index / scale` and take the
 * element below when growing; when shrinking, the published tests of opset 10 take the one above. The
 * newest Resize rounds the same way along all axes, so one that does both becomes two.
 */

import { numbersOf, tensorOf, type Value } from '@whittle/ir';
import { requiredInput, withAttribute, withInputs, without, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

export const resizing: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ['Upsample', [{ below: Number.POSITIVE_INFINITY, upgrade: upsampleToResize }]],
  [
    'Resize',
    [
      { below: 11, upgrade: firstResize },
      { below: Number.POSITIVE_INFINITY, upgrade: dropPlaceholders },
    ],
  ],
];

function upsampleToResize(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const x = requiredInput(node, 0);
  const scales = node.inputs[1] ?? scalesFromAttributes(node, x, context);
  const mode = written(node, 'mode', 'string') ?? 'nearest';
  const bare = without(node, 'scales', 'height_scale', 'width_scale', 'consumed_inputs');
  return asymmetric({ ...bare, op: 'Resize' }, x, scales, mode);
}

/** `scales` of opset 7, or `height_scale` and `width_scale` of opset 1, which only knows images. */
function scalesFromAttributes(node: ImportedNode, x: Value, context: UpgradeContext): Value {
  const scales = written(node, 'scales', 'floats') ?? [
    ...(x.type?.dims.slice(0, -2).map(() => 1) ?? [1, 1]),
    written(node, 'height_scale', 'float') ?? 1,
    written(node, 'width_scale', 'float') ?? 1,
  ];
  return context.constant(tensorOf('float32', [scales.length], scales));
}

function firstResize(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const mode = written(node, 'mode', 'string') ?? 'nearest';
  const [x, scales] = [requiredInput(node, 0), requiredInput(node, 1)];
  const numbers = scales.constant === undefined ? [] : numbersOf(scales.constant);
  const changes = numbers.some((scale) => scale < 1) && numbers.some((scale) => scale > 1);
  if (mode !== 'nearest' || !changes) return asymmetric(node, x, scales, mode);
  const constant = (values: readonly number[]) =>
    context.constant(tensorOf('float32', [values.length], values));
  const shrinking = constant(numbers.map((scale) => Math.min(scale, 1)));
  const { op, inputs, attributes } = asymmetric(node, x, shrinking, mode);
  const growing = constant(numbers.map((scale) => Math.max(scale, 1)));
  return asymmetric(node, context.emit(op, inputs, attributes), growing, mode);
}

function asymmetric(node: ImportedNode, x: Value, scales: Value, mode: string): ImportedNode {
  const numbers = scales.constant === undefined ? [] : numbersOf(scales.constant);
  const shrinks = numbers.some((scale) => scale < 1);
  const settings = {
    mode: mode === 'bilinear' ? 'linear' : mode,
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: shrinks ? 'ceil' : 'floor',
  };
  const configured = Object.entries(settings).reduce(
    (current, [name, value]) => withAttribute(current, name, { kind: 'string', value }),
    node,
  );
  return withInputs(configured, [x, undefined, scales]);
}

/** Opsets 11 and 12 want tensors for scales and roi even where they mean nothing: empty ones. */
function dropPlaceholders(...[node]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const crops = written(node, 'coordinate_transformation_mode', 'string') === 'tf_crop_and_resize';
  const [x, roi, scales, sizes] = node.inputs;
  return withInputs(node, [
    x,
    crops ? roi : undefined,
    isEmpty(scales) ? undefined : scales,
    sizes,
  ]);
}

function isEmpty(value: Value | undefined): boolean {
  return value?.type?.dims.length === 1 && value.type.dims[0] === 0;
}
