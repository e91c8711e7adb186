/** The steps of `run` in JavaScript: a call for a launch, `if` and `for` around the steps of others. */

import { TextWriter } from '@whittle/emit';
import { type Argument, type Launch, numbered, type Repeat, type Step } from '@whittle/kernel';
import type { ElementType } from './types.js';

/** The statement that launches a kernel, and the place of an element in its typed array. */
type SpellLaunch = (step: Launch) => string;
type SpellElement = (at: Argument, dtype: ElementType) => string;

/** One or more lines without a line feed at the end. */
export function stepText(step: Step, launch: SpellLaunch, element: SpellElement): string {
  const writer = new TextWriter();
  const write = (steps: readonly Step[]): void => {
    for (const each of steps) {
      switch (each.kind) {
        case 'launch':
          writer.line(launch(each));
          break;
        case 'if': {
          const otherwise = each.otherwise.length > 0;
          const condition = element(each.condition, 'bool');
          writer.block(`if (${condition})`, () => write(each.then), otherwise ? '} else {' : '}');
          if (otherwise) writer.indented(() => write(each.otherwise)).line('}');
          break;
        }
        case 'repeat':
          writer.block(headOf(each, element), () => write(each.steps));
          break;
      }
    }
  };
  write([step]);
  return writer.toString().trimEnd();
}

/** `for (i64s[4] = 0n; i64s[4] < 8n && u8s[9]; i64s[4]++)` */
function headOf({ counter, limit, condition }: Repeat, element: SpellElement): string {
  const turn = element(counter, 'int64');
  const end = typeof limit === 'object' ? element(limit, 'int64') : `${limit}n`;
  const tests = [
    ...(limit === undefined ? [] : [`${turn} < ${end}`]),
    ...(condition === undefined ? [] : [element(condition, 'bool')]),
  ];
  return `for (${turn} = 0n; ${tests.join(' && ')}; ${turn}++)`;
}

/** The types of what control flow looks at, whose typed arrays must be there. */
export function typesLookedAt(steps: readonly Step[]): readonly ElementType[] {
  const types = numbered(steps).flatMap(({ step }): ElementType[] => {
    if (step.kind === 'if') return ['bool'];
    if (step.kind === 'launch') return [];
    return step.condition === undefined ? ['int64'] : ['int64', 'bool'];
  });
  return [...new Set(types)];
}
