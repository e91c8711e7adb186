/**
 * How the turns of a kernel's grid are spread over threads. Each nest has the product of its loops'
 * turns; nests take consecutive threads, each from a whole workgroup on, and the innermost loop varies
 * fastest. A kernel without a grid is one nest of one thread.
 */

import {
  CompilerError,
  type For,
  isLiteral,
  type Kernel,
  type Stmt,
  statementsIn,
} from '@whittle/kernel';

export interface Nest {
  /** Whether each turn is a workgroup rather than a thread. */
  readonly isOfWorkgroups: boolean;
  /** Outermost first. */
  readonly loops: readonly GridLoop[];
  readonly body: readonly Stmt[];
  readonly turns: number;
}

interface GridLoop {
  readonly loop: For;
  readonly turns: number;
  /** How many threads later the next turn is. */
  readonly stride: number;
}

export function nestsOf(kernel: Kernel): readonly Nest[] {
  if (!kernel.body.some((stmt) => stmt.kind === 'for' && stmt.grid)) {
    return [{ isOfWorkgroups: false, loops: [], body: kernel.body, turns: 1 }];
  }
  return kernel.body.map((stmt) => nestOf(stmt, kernel.name)).filter(({ turns }) => turns > 0);
}

/** The loops of the grid, or over threads, that a statement is, and what is inside of them. */
export function nestOf(stmt: Stmt, kernel: string, mark: 'grid' | 'threads' = 'grid'): Nest {
  const loops: For[] = [];
  let body: readonly Stmt[] = [stmt];
  for (let [inner] = body; inner?.kind === 'for' && inner[mark]; [inner] = body) {
    if (body.length > 1) break;
    loops.push(inner);
    body = inner.body;
  }
  if (loops.length === 0) {
    throw new CompilerError('E_INTERNAL', `Kernel "${kernel}": something stands beside its grid.`);
  }
  let turns = 1;
  const strided = loops.toReversed().map((loop): GridLoop => {
    const own = turnsOf(loop, kernel);
    const stride = turns;
    turns *= own;
    return { loop, turns: own, stride };
  });
  const isOfWorkgroups = [...statementsIn(body)].some((one) => one.kind === 'for' && one.threads);
  return { isOfWorkgroups, loops: strided.toReversed(), body, turns };
}

/** All lanes of a loop in lanes are one turn. */
function turnsOf({ name, start, end, step, lanes }: For, kernel: string): number {
  if (!isLiteral(start) || !isLiteral(end)) {
    throw new CompilerError('E_INTERNAL', `Kernel "${kernel}": "${name}" has no constant bounds.`);
  }
  const length = Number(end.value) - Number(start.value);
  return Math.max(0, Math.ceil(length / (step * (lanes ?? 1))));
}

/** What a dispatch holds at most in each direction, whatever the adapter. */
const mostWorkgroups = 65_535;

/** Along x and y; there may be more than are asked for. */
export function workgroupGrid(workgroups: number): [number, number, number] {
  const rows = Math.max(1, Math.ceil(workgroups / mostWorkgroups));
  return [Math.ceil(workgroups / rows), rows, 1];
}
