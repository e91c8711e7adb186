/** Writing `Recurrence`, whose input is multiplied already, as the LSTM, GRU or RNN that it is the walk of. */

import { elementCount, type Node, optionalAttribute, type Tensor, tensorOf } from '@whittle/ir';
import { constantOf, withAttributes, withoutAttributes } from './form.js';

/** Of what each direction sees, W takes its own part, by ones in the place of weights. */
export function recurrenceAsCell(node: Node): readonly Node[] {
  const [products, recurrence, ...others] = node.inputs;
  const [directions = 1, rows = 0, size = 0] = (recurrence?.type?.dims ?? []).map(Number);
  const dtype = products?.type?.dtype ?? 'float32';
  const weights = constantOf(
    `${node.name}_W`,
    identity(dtype, [directions, rows, directions * rows]),
  );
  const cell = withAttributes(withoutAttributes(node, 'cell'), {
    hidden_size: { kind: 'int', value: size },
  });
  return [
    {
      ...cell,
      op: optionalAttribute(node, 'cell', 'string') ?? 'RNN',
      inputs: [products, weights, recurrence, ...others],
    },
  ];
}

function identity(dtype: Tensor['dtype'], dims: readonly [number, number, number]): Tensor {
  const [, , columns] = dims;
  // Of 16-bit floats a tensor holds the bits.
  const one = dtype === 'float16' ? 0x3c00 : dtype === 'bfloat16' ? 0x3f80 : 1;
  const values = Array.from({ length: elementCount(dims) }, (_, i) =>
    Math.floor(i / columns) === i % columns ? one : 0,
  );
  return tensorOf(dtype, dims, values);
}
