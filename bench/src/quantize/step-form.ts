/** What the two forms of a quantised model have to say. */

import type { GraphBuilder, Value } from '@whittle/ir';

import type { IntegerFormat } from './integer-format.js';
import type { Operands } from './operands.js';
import type { Step } from './quantization-plan.js';

export interface StepWriter {
  readonly builder: GraphBuilder;
  readonly operands: Operands;
  /** Of weights. */
  readonly weights: IntegerFormat;
}

/** How steps on integers are written; the others are the same in each form. */
export interface StepForm {
  /** Defines the result of a step that computes. */
  readonly compute: (step: Step, writer: StepWriter) => void;
  /** What a step that moves elements reads, and what is then said of its outputs. */
  readonly read: (value: Value, operands: Operands) => Value;
  readonly define: (value: Value, written: Value, operands: Operands) => void;
}
