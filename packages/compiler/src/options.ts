/** What the library's functions can be asked for. The command's options bear the same names. */

import { safeStem } from '@whittle/emit';
import { CompilerError, type Policy } from '@whittle/ir';
import type { ImportOptions } from '@whittle/onnx';
import type { OptimizationLevel } from '@whittle/passes';
import type { Precision, Target } from './targets.js';

/** How to read a model and which passes to run on it. */
export interface ModelOptions
  extends Pick<ImportOptions, 'shapes' | 'dims' | 'constants' | 'externalData'> {
  /** 0: what lowering needs; 1: nothing that changes a bit of a result; 2, the default: all. */
  readonly optimize?: OptimizationLevel;
  /** Ids of passes to run instead of those of the level, in this order. */
  readonly passes?: readonly string[];
  /** Ids of passes to leave out. */
  readonly skipPasses?: readonly string[];
  /** Whether chains of convolutions become one kernel. Default: `auto`, as the cost model says. */
  readonly fuse?: Policy;
  /** Whether grouped convolutions become one convolution for each group. Default: `auto`. */
  readonly splitGroups?: Policy;
  /** Whether to check the graph's rules after each pass. Default: no. */
  readonly checkPasses?: boolean;
  /**
   * Hears the name of each stage before it begins. A promise is waited for, so that others get a
   * turn between two stages: a spinner, a signal, another request.
   */
  readonly onProgress?: (stage: Stage) => void | Promise<void>;
  /** Receives a text of each level under a file name: the graph after each pass, the program. */
  readonly onDump?: (file: string, text: string) => void;
  /** A clock in milliseconds, for the timings in reports. Default: `Date.now`. */
  readonly now?: () => number;
}

export interface CompileOptions extends ModelOptions {
  /** Default: `js`. */
  readonly target?: Target;
  /**
   * As what memory and the weights file hold `float32`: `f16`, which only `wgsl` knows, halves both. Sums are
   * of `float32` either way. Default: `f32`.
   */
  readonly precision?: Precision;
  /** Whether weights and WebAssembly go into the module instead of files beside it. Default: no. */
  readonly inline?: boolean;
  /**
   * A module for measuring: its `run` takes a third argument, a function that hears the number of each
   * step of the report before it begins, and their count after the last. Default: no.
   */
  readonly profile?: boolean;
  /** The stem of every file: letters, digits, `.`, `_` and `-`. Default: `model`. */
  readonly name?: string;
}

/** The steps of the way through, in order; `export` is where `optimize` leaves it. */
export type Stage = 'import' | 'passes' | 'lower' | 'emit' | 'export';

/** @throws {CompilerError} `E_INVALID_OPTION` where it is not safe as the stem of a file. */
export function checkedStem(name: string): string {
  const safe = safeStem(`${name}.onnx`);
  if (safe === name) return name;
  throw new CompilerError('E_INVALID_OPTION', `The name ${JSON.stringify(name)} is no file stem.`, {
    hint: `Use at most 64 letters, digits, ".", "_" and "-", such as "${safe}".`,
  });
}
