/**
 * In place: where a kernel reads an input only at the position it is about to write, and nobody
 * reads that input later, the output takes over the input's memory. What is read in a later turn of a repeat
 * lives to its end, and so is not read for the last time by a kernel inside.
 */

import type { Kernel } from '../loop-ir.js';
import type { Argument, Port } from '../program.js';
import { mapSteps, numbered } from '../steps.js';
import { expressionsIn, exprsOf, keyOf, statementsIn } from '../traverse.js';
import { lifetimes, type ProgramDraft } from './program-draft.js';

export function shareInPlace(draft: ProgramDraft): ProgramDraft {
  const kernels = new Map(draft.kernels.map((kernel) => [kernel.name, kernel]));
  const buffers = new Map(draft.buffers.map((buffer) => [buffer.name, buffer]));
  const lives = lifetimes(draft);
  const renamed = new Map<string, string>();
  for (const { step, at: i } of numbered(draft.steps)) {
    if (step.kind !== 'launch') continue;
    const params = kernels.get(step.kernel)?.params ?? [];
    for (const [read, written] of draft.inPlace.get(step.kernel) ?? []) {
      const from = argumentOf(params, step.args, read);
      const to = argumentOf(params, step.args, written);
      if (from === undefined || to === undefined) continue;
      const source = resolve(renamed, from.buffer);
      const input = buffers.get(source);
      const output = buffers.get(to.buffer);
      const inputLife = lives.get(source);
      const outputLife = lives.get(to.buffer);
      if (!input || !output || !inputLife || !outputLife || source === to.buffer) continue;
      const sameShape = input.length === output.length && input.dtype === output.dtype;
      if (!sameShape || from.offset !== to.offset || renamed.has(to.buffer)) continue;
      if (inputLife[1] !== i || outputLife[0] !== i) continue;
      // Another argument in the same memory would read what earlier turns of the loop have overwritten.
      const sharers = step.args.filter(({ buffer }) => resolve(renamed, buffer) === source);
      if (sharers.length > 1) continue;
      renamed.set(to.buffer, source);
      lives.set(source, [inputLife[0], outputLife[1]]);
      break;
    }
  }
  if (renamed.size === 0) return draft;
  const place = <T extends { readonly buffer: string }>(at: T): T => ({
    ...at,
    buffer: resolve(renamed, at.buffer),
  });
  const port = (p: Port): Port => ({
    ...p,
    view: place(p.view),
    ...(p.sizes && { sizes: p.sizes.map(place) }),
  });
  return {
    ...draft,
    inputs: draft.inputs.map(port),
    outputs: draft.outputs.map(port),
    steps: mapSteps(draft.steps, {
      launch: (step) => ({ ...step, args: step.args.map(place) }),
      argument: place,
    }),
    buffers: draft.buffers.filter((buffer) => !renamed.has(buffer.name)),
  };
}

/**
 * Pairs of a read and a written parameter where every read is at the position of the one store.
 * To be asked of a kernel as lowering wrote it: loop passes give equal positions different forms.
 */
export function inPlaceParams(
  kernel: Pick<Kernel, 'params' | 'body'>,
): [read: string, written: string][] {
  const stores: { param: string; at: string }[] = [];
  const loads = new Map<string, Set<string>>();
  for (const stmt of statementsIn(kernel.body)) {
    if (stmt.kind === 'store') stores.push({ param: stmt.param, at: keyOf(stmt.index) });
    for (const expr of exprsOf(stmt).flatMap((root) => [...expressionsIn(root)])) {
      if (expr.kind !== 'load') continue;
      loads.set(expr.param, (loads.get(expr.param) ?? new Set()).add(keyOf(expr.index)));
    }
  }
  const [store, another] = stores;
  if (store === undefined || another !== undefined) return [];
  return kernel.params
    .filter(({ name, access }) => {
      const positions = loads.get(name);
      return access === 'read' && positions?.size === 1 && positions.has(store.at);
    })
    .map(({ name }) => [name, store.param]);
}

function resolve(renamed: ReadonlyMap<string, string>, buffer: string): string {
  return renamed.get(buffer) ?? buffer;
}

function argumentOf(
  params: readonly { readonly name: string }[],
  args: readonly Argument[],
  name: string,
): Argument | undefined {
  return args[params.findIndex((param) => param.name === name)];
}
