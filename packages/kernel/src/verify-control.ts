/** The rules of steps that hold others: what they look at, and what turns of a repeat leave to each other. */

import { CompilerError, type DType } from '@whittle/ir';
import type { Kernel } from './loop-ir.js';
import type { Argument, Branch, Buffer, Program, Repeat } from './program.js';
import { argumentsOf, type NumberedStep, numbered } from './steps.js';

/** @throws {CompilerError} `E_INTERNAL`: what a step looks at is not there, or not of its type. */
export function verifyControl(
  step: Branch | Repeat,
  { at, end }: Pick<NumberedStep, 'at' | 'end'>,
  buffers: ReadonlyMap<string, Buffer>,
): void {
  const where = `step ${at}, ${step.kind}`;
  const verify = (what: string, { buffer: name, offset }: Argument, dtype: DType): Buffer => {
    const buffer = buffers.get(name) ?? fail(`${where}: no buffer "${name}"`);
    if (buffer.dtype !== dtype) fail(`${where}: the ${what} is of ${buffer.dtype}, not ${dtype}`);
    if (offset < 0 || offset >= buffer.length) {
      fail(`${where}: element ${offset} is not in buffer "${name}"`);
    }
    const until = step.kind === 'repeat' ? end : at;
    if (buffer.space === 'arena' && (buffer.live[0] > at || buffer.live[1] < until)) {
      fail(`${where}: buffer "${name}" lives from ${buffer.live[0]} to ${buffer.live[1]}`);
    }
    return buffer;
  };
  if (step.kind === 'if') {
    verify('condition', step.condition, 'bool');
    return;
  }
  const { counter, limit, condition } = step;
  const counting = verify('counter', counter, 'int64');
  if (counting.space !== 'arena') fail(`${where}: the counter is in the ${counting.space}`);
  if (typeof limit === 'object') verify('limit', limit, 'int64');
  else if (limit !== undefined && !Number.isSafeInteger(limit)) fail(`${where}: limit ${limit}`);
  if (condition) verify('condition', condition, 'bool');
  if (limit === undefined && condition === undefined) fail(`${where}: it never ends`);
}

/**
 * What lives into a repeat, out of it, or from one turn to the next must live as long as all of it.
 * @throws {CompilerError} `E_INTERNAL`, naming a buffer that does not.
 */
export function verifyTurns(
  { steps, buffers }: Program,
  kernels: ReadonlyMap<string, Kernel>,
): void {
  const all = numbered(steps);
  for (const repeat of all.filter(({ step }) => step.kind === 'repeat')) {
    const { at, end } = repeat;
    const carried = readBeforeWritten(
      all.filter((inner) => inner.at > at && inner.at < end),
      kernels,
    );
    for (const { name, space, live } of buffers) {
      const [first, last] = live;
      if (space !== 'arena' || last < at || first > end) continue;
      const crosses = first < at || last > end || carried.has(name);
      if (crosses && (first > at || last < end)) {
        fail(`buffer "${name}" lives from ${first} to ${last}, across turns of step ${at}`);
      }
    }
  }
}

/** The buffers that a turn reads before it writes them: what is in them is of an earlier turn. */
function readBeforeWritten(
  steps: readonly NumberedStep[],
  kernels: ReadonlyMap<string, Kernel>,
): ReadonlySet<string> {
  const [read, written] = [new Set<string>(), new Set<string>()];
  for (const { step } of steps) {
    if (step.kind !== 'launch') {
      // A repeat counts from 0 whatever was there.
      if (step.kind === 'repeat') written.add(step.counter.buffer);
      for (const { buffer } of argumentsOf(step)) if (!written.has(buffer)) read.add(buffer);
      continue;
    }
    const params = kernels.get(step.kernel)?.params ?? [];
    const those = (access: 'read' | 'write') =>
      step.args.filter((_, i) => params[i]?.access === access);
    for (const { buffer } of those('read')) if (!written.has(buffer)) read.add(buffer);
    for (const { buffer } of those('write')) written.add(buffer);
  }
  return read;
}

function fail(message: string): never {
  throw new CompilerError('E_INTERNAL', `The program is broken: ${message}.`);
}
