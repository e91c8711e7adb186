/** How the code of a module knows the sizes of outputs that only a run tells. */

/** The dims of an output: what its memory has room for, and what a run makes of that. */
export interface OutputSizes {
  readonly most: readonly number[];
  /** Numbers, and names of variables of which each is an array of one number. */
  readonly dims: readonly (number | string)[];
}

/** An output of a program, whose sizes lie each in a buffer. */
interface SizedPort {
  readonly dims: readonly number[];
  readonly sizes?: readonly { readonly axis: number; readonly buffer: string }[];
}

/** The variable of the size that is number `i` among those of all outputs. */
export function nameOfSize(i: number): string {
  return `size${i}`;
}

/** `buffers` are those of the sizes of all outputs, in the order of their variables. */
export function outputSizes(
  { dims, sizes = [] }: SizedPort,
  buffers: readonly string[],
): OutputSizes | undefined {
  if (sizes.length === 0) return undefined;
  const names = new Map(
    sizes.map(({ axis, buffer }) => [axis, nameOfSize(buffers.indexOf(buffer))]),
  );
  return { most: dims, dims: dims.map((dim, axis) => names.get(axis) ?? dim) };
}
