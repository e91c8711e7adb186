/** `Constant` nodes never become nodes: they are values that hold a tensor. */

import {
  type Attribute,
  type Attributes,
  CompilerError,
  type ErrorLocation,
  int64Tensor,
  type Tensor,
  tensorOf,
} from '@whittle/ir';

/** The attributes that can hold the value; exactly one is written. */
const tensors: Readonly<Record<string, (attribute: Attribute) => Tensor | undefined>> = {
  value: ({ kind, value }) => (kind === 'tensor' ? value : undefined),
  value_float: ({ kind, value }) =>
    kind === 'float' ? tensorOf('float32', [], [value]) : undefined,
  value_floats: ({ kind, value }) =>
    kind === 'floats' ? tensorOf('float32', [value.length], value) : emptyOf('float32', value),
  value_int: ({ kind, value }) => (kind === 'int' ? tensorOf('int64', [], [value]) : undefined),
  value_ints: ({ kind, value }) => (kind === 'ints' ? int64Tensor(value) : emptyOf('int64', value)),
  value_string: ({ kind, value }) => (kind === 'string' ? stringTensor([], [value]) : undefined),
  value_strings: ({ kind, value }) =>
    kind === 'strings' ? stringTensor([value.length], value) : undefined,
};

/** @throws {CompilerError} `E_INVALID_MODEL` where there is not exactly one value. */
export function constantTensor(attributes: Attributes, where: ErrorLocation): Tensor {
  const found = Object.entries(attributes).flatMap(([name, attribute]) => {
    const read = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    return read?.(attribute) ?? [];
  });
  const [tensor, ...more] = found;
  if (tensor === undefined || more.length > 0) {
    throw new CompilerError(
      'E_INVALID_MODEL',
      'A Constant needs one value, in value, value_float, value_int or the like.',
      { where },
    );
  }
  return tensor;
}

function stringTensor(dims: readonly number[], strings: readonly string[]): Tensor {
  return { dtype: 'string', dims, bytes: new Uint8Array(0), strings };
}

/** An empty list may come with any list type. */
function emptyOf(dtype: 'float32' | 'int64', value: unknown): Tensor | undefined {
  return Array.isArray(value) && value.length === 0 ? tensorOf(dtype, [0], []) : undefined;
}
