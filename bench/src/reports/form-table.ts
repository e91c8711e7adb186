/** Forms of convolution as the table that people read. */

import { describeForm } from '../harness/convolution-form.js';
import type { FormMeasurement } from '../harness/measure-form.js';
import { formatTable } from './format-table.js';

export function formatForms(
  measured: readonly FormMeasurement[],
  style: 'plain' | 'markdown',
): string {
  const head = [
    'form',
    'as in',
    'Whittle ms',
    'GFLOP/s',
    'TensorFlow.js ms',
    'ratio',
    'by round',
    'difference',
    'ops of TensorFlow.js',
  ];
  const rows = measured.map(
    ({ form, ops, multiplyAdds, milliseconds, ratio, ratioByRound, difference }) => [
      describeForm(form),
      form.model,
      milliseconds.whittle.median.toFixed(2),
      ((2 * multiplyAdds) / milliseconds.whittle.median / 1e6).toFixed(2),
      milliseconds.tfjs.median.toFixed(2),
      ratio.toFixed(2),
      `${ratioByRound.p25.toFixed(2)} to ${ratioByRound.p75.toFixed(2)}`,
      difference.relative.toExponential(1),
      ops,
    ],
  );
  return formatTable({ head, rows }, style);
}
