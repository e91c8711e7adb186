/**
 * Checks a target against a reference: runs both on the same feeds and compares whole outputs. Where
 * they disagree, both run again with every value on the way as an output, and the first node whose
 * result differs is named.
 */

import type { TensorData } from '@whittle/kernel';
import { compareTensors, type TensorComparison, type Tolerance } from './compare-tensors.js';
import { findDifference, type NodeDifference } from './find-difference.js';
import { lowerPrepared } from './lower-prepared.js';
import { type CompileOptions, checkedStem } from './options.js';
import { type PreparedGraph, prepareGraph } from './prepare-graph.js';
import { randomTensor } from './random-tensor.js';
import type { Reference, Tensors } from './reference.js';
import { StageLog } from './stage-log.js';
import { type Files, findTarget, type Target } from './targets.js';
import { tensorData } from './tensor-data.js';
import { signatureOf, type TensorSignature } from './tensor-signature.js';

/** An instance of an emitted module: the `Model` of its declarations, whatever the model. */
export interface RunnableModel {
  run(feeds: Readonly<Record<string, unknown>>): Tensors | Promise<Tensors>;
  dispose(): void;
}

export interface VerifyOptions extends CompileOptions {
  readonly reference: Reference;
  /** Imports the emitted module from its files, of which it has one `.js`, and loads an instance. */
  readonly load: (files: Files) => Promise<RunnableModel>;
  /** Gives an input; undefined for a pseudo-random stand-in. */
  readonly feed?: (input: TensorSignature) => TensorData | undefined;
  /** Default, each of the two by itself: those of `defaultTolerances`, or `halfTolerance`. */
  readonly tolerance?: Partial<Tolerance>;
}

/**
 * What whole float32 models are held to. WGSL lets a device round functions such as `exp` and divisions
 * more coarsely than processors do, and order sums as it likes.
 */
export const defaultTolerances: Readonly<Record<Target, Tolerance>> = {
  js: { absolute: 1e-6, relative: 1e-4 },
  wasm: { absolute: 1e-6, relative: 1e-4 },
  wgsl: { absolute: 1e-6, relative: 1e-3 },
};

/** The same where memory holds halves. */
export const halfTolerance: Tolerance = { absolute: 1e-3, relative: 1e-2 };

export interface OutputComparison extends TensorComparison {
  readonly name: string;
}

export interface Verification {
  readonly agrees: boolean;
  readonly target: string;
  readonly reference: string;
  readonly tolerance: Tolerance;
  readonly outputs: readonly OutputComparison[];
  /** The first node that differs, or why it could not be found; absent where all agrees. */
  readonly difference?: NodeDifference;
  readonly warnings: readonly string[];
}

/**
 * @throws {CompilerError} (the promise rejects) as `compile` does; and with whatever the reference
 *   and the loader reject with.
 */
export async function verify(bytes: Uint8Array, options: VerifyOptions): Promise<Verification> {
  const { reference } = options;
  const log = new StageLog(options);
  const target = findTarget(options.target ?? 'js', options.precision);
  const { precision } = options;
  const usual = precision === 'f16' ? halfTolerance : defaultTolerances[target.name];
  const tolerance = { ...usual, ...options.tolerance };
  const prepared = await prepareGraph(bytes, options, target, log);
  const feeds = feedsOf(prepared, options);
  const runTarget = async (graph: PreparedGraph['graph']): Promise<Tensors> => {
    const program = await lowerPrepared(graph, target, log);
    const stem = checkedStem(options.name ?? 'model');
    const files = await log.run('emit', () => target.emit(program, { stem, inline: false }));
    const model = await options.load(files);
    try {
      return await model.run(feeds);
    } finally {
      model.dispose();
    }
  };
  const actual = await runTarget(prepared.graph);
  const bound = [...prepared.constants].map(
    ([name, tensor]) => [name, tensorData(tensor)] as const,
  );
  const allFeeds = { ...feeds, ...Object.fromEntries(bound) };
  const expected = await reference.run(bytes, allFeeds);
  const outputs = prepared.graph.outputs.map(
    ({ name }): OutputComparison => ({ name, ...compareNamed(name, actual, expected, tolerance) }),
  );
  const agrees = outputs.every((output) => output.agrees);
  const difference = agrees
    ? undefined
    : await findDifference({
        bytes,
        graph: prepared.graph,
        feeds: allFeeds,
        reference,
        runTarget,
        tolerance,
      });
  return {
    agrees,
    target: target.name,
    reference: reference.name,
    tolerance,
    outputs,
    ...(difference && { difference }),
    warnings: log.warnings,
  };
}

function feedsOf({ graph }: PreparedGraph, { feed }: VerifyOptions): Tensors {
  return Object.fromEntries(
    graph.inputs.map((input, i) => {
      const signature = signatureOf(input.name, input);
      return [input.name, feed?.(signature) ?? randomTensor(signature, i)];
    }),
  );
}

function compareNamed(
  name: string,
  actual: Tensors,
  expected: Tensors,
  tolerance: Tolerance,
): TensorComparison {
  const [left, right] = [actual[name], expected[name]];
  if (left && right) return compareTensors(left, right, tolerance);
  const problem = left ? 'is not given by the reference' : 'is not given by the target';
  const infinite = { maxAbsoluteError: Infinity, maxRelativeError: Infinity };
  return { agrees: false, elements: 0, ...infinite, problem };
}
