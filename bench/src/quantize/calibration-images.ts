/** Images to find ranges with: noise and waves in turns, since models answer the two differently. */

import { randomTensor, type TensorData } from '@whittle/compiler';

/** `count` images in [-1, 1), the same for the same dims, none of which benchmarks run. */
export function calibrationImages(dims: readonly number[], count: number): readonly TensorData[] {
  return Array.from({ length: count }, (_, i) => {
    const noise = randomTensor({ name: 'image', dtype: 'float32', dims }, i + 2);
    return i % 2 === 0 ? noise : waves(noise, 10 + 17 * i);
  });
}

/** Waves of that many pixels, with some noise on them. */
function waves({ dims, data }: TensorData, length: number): TensorData {
  const mixed = Float32Array.from({ length: data.length }, (_, i) => {
    return 0.7 * Math.sin((2 * Math.PI * i) / length) + 0.3 * Number(data[i]);
  });
  return { dtype: 'float32', dims, data: mixed };
}
