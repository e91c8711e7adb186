/** Results of the sizes that a run has found, out of memory that has room for the most. */

import { elementCount, type TypedArray } from '@whittle/ir';

/**
 * The elements at coordinates within `dims`, row-major, of those that lie row-major in `most`.
 * @throws {RangeError} where one of `dims` is beyond.
 */
export function withinSizes(
  elements: TypedArray,
  most: readonly number[],
  dims: readonly number[],
): TypedArray {
  if (dims.some((dim, axis) => dim < 0 || dim > (most[axis] ?? 0))) {
    throw new RangeError(`[${dims.join(',')}] is not within [${most.join(',')}].`);
  }
  if (dims.every((dim, axis) => dim === most[axis])) return elements.slice();
  const length = elementCount(dims);
  const kept = elements.slice(0, length);
  for (let to = 0; to < length; to++) {
    let [rest, from, stride] = [to, 0, 1];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const dim = dims[axis] ?? 1;
      from += (rest % dim) * stride;
      rest = Math.floor(rest / dim);
      stride *= most[axis] ?? 1;
    }
    const element = elements[from];
    if (element !== undefined) kept[to] = element;
  }
  return kept;
}
