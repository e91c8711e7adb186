/** Random numbers, which no target draws: the same input has to give the same bits. */

import { dtypeFromCode } from '../dtype.js';
import type { AttributeSpec, InferContext, InferredOutput, OpRecord } from '../op-record.js';
import { dimAt, requireDType, requireRank } from './checks.js';
import { float, formals, int, ints, required } from './signature.js';

const hint =
  'Results of random numbers could not be repeated. Give the model its random numbers as an input.';

const uniform = { high: float(1), low: float(0) } as const;
const normal = { mean: float(0), scale: float(1) } as const;

export const randomOps: readonly OpRecord[] = [
  shaped('RandomUniform', 'numbers between low and high, each as likely', uniform),
  shaped('RandomNormal', 'numbers around mean, normally distributed', normal),
  like('RandomUniformLike', 1, 'RandomUniform with the dims of the input', uniform),
  like('RandomNormalLike', 1, 'RandomNormal with the dims of the input', normal),
  like('Bernoulli', 15, '1 with the probability that the input gives, else 0', {}),
  {
    name: 'Multinomial',
    since: 7,
    summary: 'classes drawn by their logarithmic probabilities',
    inputs: formals('input'),
    outputs: formals('output'),
    attributes: { dtype: int(6), sample_size: int(1), seed: float() },
    traits: { fusion: 'opaque', nondeterministic: true },
    hint,
    infer: (context) => {
      requireDType(context, 0, 'float');
      const dims = [dimAt(context, requireRank(context, 0, 2), 0), context.int('sample_size')];
      return [typed(context, dims)];
    },
  },
];

/** An op without inputs, whose dims are an attribute. */
function shaped(
  name: string,
  summary: string,
  attributes: Readonly<Record<string, AttributeSpec>>,
): OpRecord {
  return {
    name,
    since: 1,
    summary,
    inputs: [],
    outputs: formals('output'),
    attributes: { dtype: int(1), ...attributes, seed: float(), shape: required(ints()) },
    traits: { fusion: 'opaque', nondeterministic: true },
    hint,
    infer: (context) => [typed(context, context.ints('shape'))],
  };
}

/** An op that gives the dims of its input, and its dtype unless an attribute says another. */
function like(
  name: string,
  since: number,
  summary: string,
  attributes: Readonly<Record<string, AttributeSpec>>,
): OpRecord {
  return {
    name,
    since,
    summary,
    inputs: formals('input'),
    outputs: formals('output'),
    attributes: { dtype: int(), ...attributes, seed: float() },
    traits: { fusion: 'opaque', nondeterministic: true },
    hint,
    infer: (context) => [typed(context, context.input(0).dims)],
  };
}

function typed(context: InferContext, dims: InferredOutput['dims']): InferredOutput {
  const code = context.optionalInt('dtype');
  if (code === undefined) return { dtype: context.input(0).dtype, dims };
  const dtype = dtypeFromCode(code) ?? context.fail(`draws dtype ${code}, which is not known`);
  return { dtype, dims };
}
