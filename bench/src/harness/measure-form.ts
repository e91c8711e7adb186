/** One form as an emitted module and in TensorFlow.js: whether they agree, and how fast, in turns. */

import { formRunner } from '../tfjs/form-runner.js';
import { type ConvolutionForm, multiplyAddsOf } from './convolution-form.js';
import { type Difference, differenceBetween } from './difference.js';
import { loadEmitted } from './emitted-module.js';
import { formWorkload, inputName, outputName } from './form-workload.js';
import { interleave, type Pace } from './interleave.js';
import { type Ratio, ratioOf } from './ratio.js';
import { type Spread, spreadOf } from './spread.js';

/** The ratio is that of TensorFlow.js to Whittle: above 1, Whittle is faster. */
export interface FormMeasurement extends Ratio {
  readonly form: ConvolutionForm;
  /** The ops of TensorFlow.js that compute the same. */
  readonly ops: string;
  readonly multiplyAdds: number;
  readonly milliseconds: { readonly whittle: Spread; readonly tfjs: Spread };
  readonly difference: Difference;
  readonly samples: { readonly whittle: readonly number[]; readonly tfjs: readonly number[] };
}

/** The CPU backend of TensorFlow.js has to be set. */
export async function measureForm(form: ConvolutionForm, pace: Pace): Promise<FormMeasurement> {
  const workload = formWorkload(form);
  const { bytes, input } = workload.channelsLast;
  const { model, dispose } = await loadEmitted(bytes, {});
  const tfjs = formRunner(form, workload);
  try {
    const feeds = { [inputName]: input.data };
    const whittle = { run: () => model.run(feeds) };
    const data = (await whittle.run())[outputName]?.data;
    if (!(data instanceof Float32Array)) throw new Error('The module gives no float32 output.');
    const difference = differenceBetween(data, tfjs.run());
    const [ours = [], theirs = []] = await interleave([whittle, tfjs], pace);
    return {
      form,
      ops: tfjs.ops,
      multiplyAdds: multiplyAddsOf(form),
      milliseconds: { whittle: spreadOf(ours), tfjs: spreadOf(theirs) },
      ...ratioOf(theirs, ours),
      difference,
      samples: { whittle: ours, tfjs: theirs },
    };
  } finally {
    tfjs.dispose();
    await dispose();
  }
}
