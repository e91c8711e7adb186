/** The control flow of a program: which of its launches run, and how often. */

import { CompilerError, type TypedArray } from '@whittle/ir';
import type { Argument, Launch, Repeat, Step } from '../program.js';

/** The elements of each buffer. */
export type Memory = ReadonlyMap<string, TypedArray>;

/** @throws {CompilerError} `E_INTERNAL` where a step looks at what is not there. */
export function runSteps(
  steps: readonly Step[],
  memory: Memory,
  launch: (step: Launch) => void,
): void {
  for (const step of steps) {
    switch (step.kind) {
      case 'launch':
        launch(step);
        break;
      case 'if': {
        const holds = elementAt(step.condition, memory) !== 0;
        runSteps(holds ? step.then : step.otherwise, memory, launch);
        break;
      }
      case 'repeat':
        repeat(step, memory, launch);
        break;
    }
  }
}

function repeat(
  { counter, limit, condition, steps }: Repeat,
  memory: Memory,
  launch: (step: Launch) => void,
): void {
  const end = (): number | bigint =>
    typeof limit === 'object' ? elementAt(limit, memory) : (limit ?? Number.POSITIVE_INFINITY);
  const goesOn = (): boolean => condition === undefined || elementAt(condition, memory) !== 0;
  const turns = memory.get(counter.buffer);
  const setTurn = (turn: bigint): void => {
    if (turns instanceof BigInt64Array) turns[counter.offset] = turn;
    else broken(`"${counter.buffer}" counts nothing.`);
  };
  for (setTurn(0n); elementAt(counter, memory) < end() && goesOn(); ) {
    runSteps(steps, memory, launch);
    setTurn(BigInt(elementAt(counter, memory)) + 1n);
  }
}

function elementAt({ buffer, offset }: Argument, memory: Memory): number | bigint {
  return memory.get(buffer)?.[offset] ?? broken(`Element ${offset} of "${buffer}" is not there.`);
}

function broken(message: string): never {
  throw new CompilerError('E_INTERNAL', message);
}
