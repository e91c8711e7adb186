/**
 * From probabilities to text. The recogniser gives, for each step of eight columns of the image, how
 * probable each character is, or that none begins there; a character is the most probable one of some
 * steps in a row.
 *
 * Source: greedy decoding of connectionist temporal classification (Graves et al., 2006).
 */

export interface Scored {
  /** Empty for none. */
  readonly label: string;
  /** From 0 to 1. */
  readonly probability: number;
}

export interface Place {
  /** The step at which the character is most probable. */
  readonly step: number;
  /** The five most probable classes there; the first one is what is read. */
  readonly classes: readonly Scored[];
}

/** The labels of the classes: none, the characters of PP-OCR's list, and the space. */
export function readLabels(list: string): string[] {
  return ['', ...list.replace(/\n$/, '').split('\n'), ' '];
}

/** `scores` is `[steps, labels.length]`. */
export function readScores(scores: Float32Array, labels: readonly string[]): Place[] {
  const places: Place[] = [];
  let previous = '';
  for (let step = 0; step < scores.length / labels.length; step++) {
    const row = scores.subarray(step * labels.length, (step + 1) * labels.length);
    const classes = mostProbable(row, labels);
    const { label, probability } = classes[0] ?? { label: '', probability: 0 };
    const soFar = places.at(-1)?.classes[0]?.probability ?? 0;
    if (label !== '' && label !== previous) places.push({ step, classes });
    else if (label !== '' && probability > soFar) places.splice(-1, 1, { step, classes });
    previous = label;
  }
  return places;
}

/** The five largest of a row, the largest first. */
function mostProbable(row: Float32Array, labels: readonly string[]): Scored[] {
  const best: Scored[] = [];
  for (const [i, label] of labels.entries()) {
    const probability = row[i] ?? 0;
    if (best.length === 5 && probability <= (best[4]?.probability ?? 0)) continue;
    const at = best.findIndex((other) => other.probability < probability);
    best.splice(at < 0 ? best.length : at, 0, { label, probability });
    best.length = Math.min(best.length, 5);
  }
  return best;
}
