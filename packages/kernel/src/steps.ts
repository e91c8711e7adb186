/**
 * Walking the steps of a program. Every step has a number, in the order in which they stand: a branch comes
 * before the steps in it, and a repeat has one number before them and another behind them, where its
 * condition is looked at again. In a program that only launches kernels, a number is an index.
 */

import type { Argument, Launch, Step } from './program.js';

export interface NumberedStep {
  readonly step: Step;
  readonly at: number;
  /** Of a repeat, the number of its end; of a branch, that of its last step; else `at`. */
  readonly end: number;
}

/** All steps in order, those inside of others after them. */
export function numbered(steps: readonly Step[]): readonly NumberedStep[] {
  const found: NumberedStep[] = [];
  let next = 0;
  const walk = (list: readonly Step[]): void => {
    for (const step of list) {
      const at = next++;
      const place = found.push({ step, at, end: at }) - 1;
      if (step.kind === 'launch') continue;
      if (step.kind === 'if') {
        walk(step.then);
        walk(step.otherwise);
        found[place] = { step, at, end: next - 1 };
      } else {
        walk(step.steps);
        found[place] = { step, at, end: next++ };
      }
    }
  };
  walk(steps);
  return found;
}

/** The number behind that of the last step. */
export function numberBehind(steps: readonly Step[]): number {
  return numbered(steps).reduce((most, { end }) => Math.max(most, end + 1), 0);
}

/** The launches among steps and inside of them, in order. */
export function launchesIn(steps: readonly Step[]): readonly Launch[] {
  return numbered(steps).flatMap(({ step }) => (step.kind === 'launch' ? [step] : []));
}

/** What a step reads or writes itself, apart from the steps inside of it. */
export function argumentsOf(step: Step): readonly Argument[] {
  switch (step.kind) {
    case 'launch':
      return step.args;
    case 'if':
      return [step.condition];
    case 'repeat': {
      const { counter, limit, condition } = step;
      const known = limit === undefined || typeof limit === 'number';
      return [counter, ...(known ? [] : [limit]), ...(condition ? [condition] : [])];
    }
  }
}

export interface StepChange {
  readonly launch?: (launch: Launch) => Launch;
  /** Of what branches and repeats look at. */
  readonly argument?: (argument: Argument) => Argument;
}

/** The steps with other launches, or other places to look at. */
export function mapSteps(steps: readonly Step[], change: StepChange): readonly Step[] {
  return steps.map((step) => mapStep(step, change));
}

function mapStep(step: Step, change: StepChange): Step {
  const { launch = (same) => same, argument = (same) => same } = change;
  switch (step.kind) {
    case 'launch':
      return launch(step);
    case 'if':
      return {
        ...step,
        condition: argument(step.condition),
        then: mapSteps(step.then, change),
        otherwise: mapSteps(step.otherwise, change),
      };
    case 'repeat': {
      const { counter, limit, condition } = step;
      return {
        ...step,
        counter: argument(counter),
        ...(typeof limit === 'object' && { limit: argument(limit) }),
        ...(condition && { condition: argument(condition) }),
        steps: mapSteps(step.steps, change),
      };
    }
  }
}
