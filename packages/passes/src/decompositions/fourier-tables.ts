/** The cosines and sines that discrete Fourier transforms multiply by, as matrices. */

/** What is turned into what: n positions with 1 or 2 parts each into k bins of 2. */
export interface Transform {
  /** The period: what comes after position `length - 1` is position 0 again. */
  readonly length: number;
  /** Positions that are read, from the first. The others are zero. */
  readonly positions: number;
  /** 1 where there are only real parts, otherwise 2. */
  readonly parts: number;
  /** Bins that are wanted, from the first. */
  readonly bins: number;
  readonly isInverse: boolean;
}

/** Of e^(∓2πi · n · k / length): one row for each position and part, one column for each bin and part. */
export function transformMatrix(transform: Transform): Float64Array {
  const { length, positions, parts, bins, isInverse } = transform;
  const circle = circleOf(length);
  const sign = isInverse ? 1 : -1;
  const scale = isInverse ? 1 / length : 1;
  const matrix = new Float64Array(positions * parts * bins * 2);
  for (let n = 0; n < positions; n++) {
    for (let part = 0; part < parts; part++) {
      for (let k = 0; k < bins; k++) {
        const { cos, sin } = circle(n * k);
        const [real, imaginary] = part === 0 ? [cos, sign * sin] : [-sign * sin, cos];
        const at = ((n * parts + part) * bins + k) * 2;
        matrix[at] = scale * real;
        matrix[at + 1] = scale * imaginary;
      }
    }
  }
  return matrix;
}

/**
 * From the first `bins` bins of the spectrum of a real signal to the signal. Each bin stands for its mirror
 * image too, but for the first and, of an even length, the middle one.
 */
export function realInverseMatrix(length: number, bins: number): Float64Array {
  const circle = circleOf(length);
  const matrix = new Float64Array(bins * 2 * length);
  for (let k = 0; k < bins; k++) {
    const share = (k === 0 || 2 * k === length ? 1 : 2) / length;
    for (let n = 0; n < length; n++) {
      const { cos, sin } = circle(n * k);
      matrix[2 * k * length + n] = share * cos;
      matrix[(2 * k + 1) * length + n] = -share * sin;
    }
  }
  return matrix;
}

/** e^(∓2πi · n · k / length) itself, for so many n and k: cosines, and sines with their sign. */
export function twiddles(
  length: number,
  rows: number,
  columns: number,
  isInverse: boolean,
): readonly [cosines: Float64Array, sines: Float64Array] {
  const circle = circleOf(length);
  const [cosines, sines] = [new Float64Array(rows * columns), new Float64Array(rows * columns)];
  for (let i = 0; i < rows * columns; i++) {
    const { cos, sin } = circle(Math.floor(i / columns) * (i % columns));
    cosines[i] = cos;
    sines[i] = isInverse ? sin : -sin;
  }
  return [cosines, sines];
}

/** The point of the unit circle at so many `length`-ths of it; whole turns cost no digits. */
function circleOf(length: number): (position: number) => { cos: number; sin: number } {
  const points = Array.from({ length }, (_, i) => {
    const angle = (2 * Math.PI * i) / length;
    return { cos: Math.cos(angle), sin: Math.sin(angle) };
  });
  return (position) => points[position % length] ?? { cos: 1, sin: 0 };
}
