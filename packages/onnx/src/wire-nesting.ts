/** The messages that a scan is inside of, with the depths and counts that the limits are about. */

import { CompilerError } from '@whittle/ir';
import type { ImportLimits } from './limits.js';
import { invalid } from './wire-cursor.js';
import { type MessageName, wireSchema } from './wire-schema.js';

export interface Frame {
  /** A group has no schema: ONNX uses none, so all in it is unknown. */
  readonly message: MessageName | 'group';
  readonly start: number;
  readonly end: number;
  /** The field number that must close a group. */
  readonly groupField: number;
  hasRequired: boolean;
}

/** The messages that are open, with the counts that the limits are about. */
export class Nesting {
  readonly #limits: ImportLimits;
  readonly #frames: Frame[] = [];
  readonly #open = new Map<string, number>([['group', 1]]);
  readonly #counts = new Map<string, number>();
  #messages = 0;

  constructor(limits: ImportLimits) {
    this.#limits = limits;
  }

  get top(): Frame | undefined {
    return this.#frames.at(-1);
  }

  enter(message: Frame['message'], end: number, start: number, groupField = 0): void {
    const open = (this.#open.get(message) ?? 0) + 1;
    if (open > this.#limits.depth + 1) {
      throw new CompilerError(
        'E_LIMIT_DEPTH',
        `The model nests ${message} more than ${this.#limits.depth} levels deep.`,
        { hint: 'No exporter writes such a file; it may be damaged or hostile.' },
      );
    }
    this.#open.set(message, open);
    this.#count(message);
    this.#frames.push({ message, start, end, groupField, hasRequired: false });
  }

  leave(position: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    this.#open.set(frame.message, (this.#open.get(frame.message) ?? 1) - 1);
    if (frame.message === 'group') {
      if (position === frame.end) throw invalid(`The group at byte ${frame.start} has no end.`);
      return;
    }
    const { required } = wireSchema[frame.message];
    if (required !== undefined && !frame.hasRequired) {
      throw invalid(`The ${frame.message} at byte ${frame.start} has no ${required.name}.`);
    }
  }

  #count(message: Frame['message']): void {
    this.#messages++;
    const limited = limitedMessages[message];
    if (limited !== undefined) {
      const count = (this.#counts.get(message) ?? 0) + 1;
      this.#counts.set(message, count);
      if (count > this.#limits[limited]) throw tooMany(limited, this.#limits[limited]);
    }
    if (this.#messages > this.#limits.messages) throw tooMany('messages', this.#limits.messages);
  }
}

const limitedMessages: Readonly<Record<string, 'nodes' | 'attributes' | 'tensors'>> = {
  NodeProto: 'nodes',
  AttributeProto: 'attributes',
  TensorProto: 'tensors',
};

function tooMany(what: string, limit: number): CompilerError {
  return new CompilerError('E_LIMIT_COUNT', `The model has more than ${limit} ${what}.`, {
    hint: `Raise limits.${what} if the model is to be trusted.`,
  });
}
