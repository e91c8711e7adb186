/**
 * Sequences and optionals, as long as a pass has not taken them apart. The graph knows types of
 * tensors only: a sequence is a value of unknown type, and so is what is made of one.
 */

import type { AttributeSpec, OpRecord } from '../op-record.js';
import { formals, int, required } from './signature.js';

const hint =
  'Sequences and optionals are compiled where their lengths and positions are known when compiling. ' +
  'Let the model take and return the tensors themselves.';

export const sequenceOps: readonly OpRecord[] = [
  sequence('SequenceConstruct', 11, 'the inputs as a sequence', 'inputs* -> output_sequence'),
  sequence('SequenceEmpty', 11, 'a sequence of nothing', '-> output', { dtype: int(1) }),
  sequence(
    'SequenceInsert',
    11,
    'the sequence with a tensor more, before `position`',
    'input_sequence tensor position? -> output_sequence',
  ),
  sequence(
    'SequenceErase',
    11,
    'the sequence without the tensor at `position`',
    'input_sequence position? -> output_sequence',
  ),
  sequence(
    'SequenceAt',
    11,
    'the tensor at `position` of the sequence',
    'input_sequence position -> tensor',
  ),
  sequence('SequenceLength', 11, 'how many tensors there are', 'input_sequence -> length'),
  sequence(
    'SplitToSequence',
    11,
    'the input in parts along an axis, as a sequence',
    'input split? -> output_sequence',
    { axis: int(0), keepdims: int(1) },
  ),
  sequence(
    'ConcatFromSequence',
    11,
    'the tensors of the sequence joined along an axis, a new one if `new_axis`',
    'input_sequence -> concat_result',
    { axis: required(int()), new_axis: int(0) },
  ),
  sequence(
    'SequenceMap',
    17,
    'the body applied to each tensor of the sequence',
    'input_sequence additional_inputs* -> out_sequence*',
  ),
  sequence('Optional', 15, 'the input as an optional', 'input? -> output'),
  sequence('OptionalGetElement', 18, 'what the optional holds', 'input -> output'),
  {
    ...sequence(
      'OptionalHasElement',
      18,
      'whether the optional holds something',
      'input? -> output',
    ),
    infer: () => [{ dtype: 'bool', dims: [] }],
  },
];

function sequence(
  name: string,
  since: number,
  summary: string,
  signature: string,
  attributes: Readonly<Record<string, AttributeSpec>> = {},
): OpRecord {
  const [inputs = '', outputs = ''] = signature.split('->');
  return {
    name,
    since,
    summary,
    inputs: formals(inputs),
    outputs: formals(outputs),
    attributes,
    traits: { fusion: 'opaque' },
    hint,
    infer: () => undefined,
  };
}
