/**
 * The fused epilogue of contractions (`Conv`, `ConvTranspose`, `Gemm`, `MatMul`): after the sum, the
 * bias and the residual comes one activation, named by the attribute `activation`. The numbers in
 * `activation_params` are the float attributes of that op in the order of its record; for `Clip`
 * they are its bounds, [min, max].
 */

import type { AttributeSpec, InferContext } from '../op-record.js';
import { floats, string } from './signature.js';
import { unaryOps } from './unary.js';

export const epilogueAttributes = activationAttributes('');

/** The two attributes of an activation; `prefix` tells those of one stage of an op from another's. */
export function activationAttributes(prefix: string): Readonly<Record<string, AttributeSpec>> {
  return { [`${prefix}activation`]: string(), [`${prefix}activation_params`]: floats() };
}

/** What `activation_params` holds for each op that may be an activation, by op. */
export const activationParameters: ReadonlyMap<string, readonly string[]> = new Map([
  ['Clip', ['min', 'max']],
  ...unaryOps
    .filter(({ name }) => !['Not', 'BitwiseNot', 'IsNaN', 'IsInf'].includes(name))
    .map(({ name, attributes }): [string, string[]] => [
      name,
      Object.keys(attributes).filter((key) => attributes[key]?.kind === 'float'),
    ]),
]);

/** Fails unless the activation, if there is one, is known and has the parameters it takes. */
export function checkEpilogue(context: InferContext, prefix = ''): void {
  const { attributes } = context.node;
  const parameters = attributes[`${prefix}activation_params`];
  const given = parameters === undefined ? 0 : attributeLength(context, prefix, parameters.value);
  if (attributes[`${prefix}activation`] === undefined) {
    if (given > 0) context.fail(`has ${prefix}activation_params but no ${prefix}activation`);
    return;
  }
  const name = context.string(`${prefix}activation`);
  const names =
    activationParameters.get(name) ?? context.fail(`has the activation "${name}", which is none`);
  if (given !== names.length) {
    context.fail(`has ${given} ${prefix}activation_params where ${name} takes ${names.length}`);
  }
}

function attributeLength(context: InferContext, prefix: string, value: unknown): number {
  return Array.isArray(value)
    ? value.length
    : context.fail(`has ${prefix}activation_params of a wrong kind`);
}
