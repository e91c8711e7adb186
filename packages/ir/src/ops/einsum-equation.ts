/**
 * The equation of an Einsum, read for inputs of known ranks: one label for each axis.
 *
 * A label is the letter that the equation gives an axis. Axes under an ellipsis have labels of their own,
 * `...0` for the last of them, `...1` for the one before: inputs are matched from the right, as broadcasting does.
 */

export interface EinsumEquation {
  /** The labels of each input's axes. */
  readonly operands: readonly (readonly string[])[];
  /** The labels of the result's axes, each once. */
  readonly result: readonly string[];
}

/** Subscripts of one operand around its ellipsis, if it has one. */
interface Subscripts {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly ellipsis: boolean;
}

/**
 * @param fail Says what is wrong, as the end of a sentence about the op, and throws.
 */
export function parseEinsum(
  text: string,
  ranks: readonly number[],
  fail: (message: string) => never,
): EinsumEquation {
  const equation = text.replaceAll(' ', '');
  const [left = '', right, more] = equation.split('->');
  const parsed = left.split(',').map((subscripts) => parseSubscripts(subscripts, fail));
  if (more !== undefined || parsed.length !== ranks.length) {
    fail(`has the equation "${equation}" for ${ranks.length} inputs`);
  }
  const covered = parsed.map(({ before, after, ellipsis }, i) => {
    const rank = ranks[i] ?? 0;
    const letters = before.length + after.length;
    if (rank < letters || (rank > letters && !ellipsis)) {
      fail(`has ${letters} subscripts for an input of rank ${rank}`);
    }
    return rank - letters;
  });
  const operands = parsed.map((subscripts, i) => labelsOf(subscripts, covered[i] ?? 0));
  const written = right === undefined ? impliedResult(parsed) : parseSubscripts(right, fail);
  const result = labelsOf(written, Math.max(0, ...covered));
  if (new Set(result).size !== result.length) fail('repeats a subscript in its result');
  const known = new Set(operands.flat());
  const stray = result.find((label) => !known.has(label));
  if (stray !== undefined) fail(`has the subscript "${stray}" in its result only`);
  return { operands, result };
}

/** Whether a label stands for an axis under an ellipsis. */
export function isUnderEllipsis(label: string): boolean {
  return label.startsWith('...');
}

function parseSubscripts(text: string, fail: (message: string) => never): Subscripts {
  const match = /^([A-Za-z]*)(\.\.\.)?([A-Za-z]*)$/.exec(text);
  if (match === null) return fail(`has the subscripts "${text}"`);
  const [, before = '', ellipsis, after = ''] = match;
  return { before: [...before], after: [...after], ellipsis: ellipsis !== undefined };
}

function labelsOf({ before, after, ellipsis }: Subscripts, covered: number): readonly string[] {
  const between = Array.from({ length: covered }, (_, i) => `...${covered - 1 - i}`);
  return [...before, ...(ellipsis ? between : []), ...after];
}

/** Without an arrow: what the ellipsis covers, then the subscripts that occur once, sorted. */
function impliedResult(operands: readonly Subscripts[]): Subscripts {
  const letters = operands.flatMap(({ before, after }) => [...before, ...after]);
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return {
    before: [],
    ellipsis: operands.some(({ ellipsis }) => ellipsis),
    after: once.toSorted(),
  };
}
