/** The custom section that gives functions and locals their names back in debuggers. */

import { type Bytes, concat, name, sized, unsigned, vector } from './bytes.js';
import type { Func, ImportedFunc } from './definitions.js';
import { numberLocals } from './encode-function.js';

export function encodeNames(imports: readonly ImportedFunc[], functions: readonly Func[]): Bytes {
  const functionNames = [...imports, ...functions].map((callee, index) =>
    concat([unsigned(index), name(callee.name)]),
  );
  const localNames = functions.map((func, index) =>
    concat([unsigned(imports.length + index), vector(localNamesOf(func))]),
  );
  const content = concat([
    name('name'),
    subsection(1, vector(functionNames)),
    subsection(2, vector(localNames)),
  ]);
  return concat([[0x00], sized(content)]);
}

function localNamesOf(func: Func): Bytes[] {
  return [...numberLocals(func)].map(([local, index]) =>
    concat([unsigned(index), name(local.name)]),
  );
}

function subsection(id: number, content: Bytes): Bytes {
  return concat([[id], sized(content)]);
}
