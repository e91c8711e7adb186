/** Names that a kernel does not use yet, for what a loop pass adds to it. */

import { type Kernel, memoriesOf } from '../loop-ir.js';
import { expressionsIn, exprsOf, statementsIn } from '../traverse.js';

/** Gives `stem0`, `stem1`, …, leaving out every name that the kernel declares or reads. */
export function freshNames(kernel: Kernel, stem: string): () => string {
  const taken = takenNames(kernel);
  let next = 0;
  return () => {
    let name = `${stem}${next++}`;
    while (taken.has(name)) name = `${stem}${next++}`;
    return name;
  };
}

/** Every name that a kernel declares or reads. */
export function takenNames(kernel: Kernel): Set<string> {
  const taken = new Set(memoriesOf(kernel).map(({ name }) => name));
  for (const stmt of statementsIn(kernel.body)) {
    if ('name' in stmt) taken.add(stmt.name);
    for (const expr of exprsOf(stmt)) {
      for (const part of expressionsIn(expr)) if (part.kind === 'variable') taken.add(part.name);
    }
  }
  return taken;
}
