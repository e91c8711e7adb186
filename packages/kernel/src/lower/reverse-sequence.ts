/** ReverseSequence: of each sequence the first elements come in reverse order, as many as its length says. */

import { requiredAttribute } from '@whittle/ir';
import { binary, cast, index, literal, select, sub } from '../expr.js';
import { coordinate, normalizeAxis, withCoordinate } from './index-math.js';
import type { LoweringRule } from './rule.js';

export const reverseSequenceRule: LoweringRule = {
  reads: (_, input) => (input === 0 ? 'once' : 'many'),
  element: (context, block, at) => {
    const { node } = context;
    const x = context.operand(0);
    const rank = x.dims.length;
    const axisOf = (name: string): number =>
      normalizeAxis(node, requiredAttribute(node, name, 'int'), rank);
    const time = axisOf('time_axis');
    const length = context.operand(1).read(block, [coordinate(at, axisOf('batch_axis'))]);
    // No data makes a kernel read outside of its buffer.
    const most = literal(length.dtype, x.dims[time] ?? 0);
    const inRange = binary('max', literal(length.dtype, 0), binary('min', length, most));
    const end = block.let('n', cast(inRange, 'index'));
    const t = coordinate(at, time);
    const mirrored = sub(sub(end, index(1)), t);
    const from = block.let('t', select(binary('lt', t, end), mirrored, t));
    return x.read(block, withCoordinate(at, time, from));
  },
};
