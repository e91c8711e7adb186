/** Where a walk keeps its state from step to step, and the sums of a step: planes of [sequence, element]. */

import type { Block } from '../block.js';
import { add, index, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { ElementType, KernelContext } from './rule.js';

export interface Plane {
  load(n: Expr, column: Expr): Expr;
  store(block: Block, n: Expr, column: Expr, value: Expr): void;
}

/** What a plane is called, and how many elements it has for each sequence. */
export type PlaneWidths<Name extends string> = readonly (readonly [name: Name, width: number])[];

export type Planes<Name extends string> = ReadonlyMap<Name, Plane>;

/** Planes in memory of the launch, one behind another. */
export function planesInMemory<Name extends string>(
  context: KernelContext,
  widths: PlaneWidths<Name>,
  batch: number,
  type: ElementType,
): Planes<Name> {
  return new Map(
    widths.map(([name, width]) => [name, inMemory(context, name, width, batch, type)]),
  );
}

/**
 * Planes for workgroups, each of which walks one sequence: in the memory of a workgroup as far as there is
 * room. Undefined where there is none for the first of them.
 */
export function sharedPlanes<Name extends string>(
  context: KernelContext,
  widths: PlaneWidths<Name>,
  batch: number,
  type: ElementType,
): Planes<Name> | undefined {
  let room = (context.target.grid?.sharedBytes ?? 0) / Float32Array.BYTES_PER_ELEMENT;
  const [first] = widths;
  if (first === undefined || first[1] > room || type !== 'float32') return undefined;
  return new Map(
    widths.map(([name, width]) => {
      if (width > room) return [name, inMemory(context, name, width, batch, type)];
      room -= width;
      const array = context.shared(name, width);
      return [
        name,
        {
          load: (_, column) => load(array, 'float32', column),
          store: (block, _, column, value) => block.store(array, column, value),
        },
      ];
    }),
  );
}

function inMemory(
  context: KernelContext,
  stem: string,
  width: number,
  batch: number,
  type: ElementType,
): Plane {
  const memory = context.scratch(stem, [batch, width], undefined, type);
  const place = (n: Expr, column: Expr): Expr => add(mul(n, index(width)), column);
  return {
    load: (n, column) => load(memory.param, type, place(n, column)),
    store: (block, n, column, value) => block.store(memory.param, place(n, column), value),
  };
}
