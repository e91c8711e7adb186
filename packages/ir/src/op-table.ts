/**
 * The op table: every op Whittle knows, by name. A row of a table in `ops/` or a record in a file
 * of its own there; this file only gathers them.
 */

import { CompilerError } from './errors.js';
import type { OpRecord, Traits } from './op-record.js';
import { allOps } from './ops/all.js';

const byName: ReadonlyMap<string, OpRecord> = indexByName(allOps);

/** The record of an op, or undefined for an op Whittle does not know. */
export function findOp(name: string): OpRecord | undefined {
  return byName.get(name);
}

/** All records, in the order of the tables. */
export function knownOps(): readonly OpRecord[] {
  return allOps;
}

/** The traits of an op; an unknown op is opaque. */
export function traitsOf(op: string): Traits {
  return findOp(op)?.traits ?? { fusion: 'opaque' };
}

function indexByName(records: readonly OpRecord[]): Map<string, OpRecord> {
  const index = new Map<string, OpRecord>();
  for (const record of records) {
    if (index.has(record.name)) {
      throw new CompilerError('E_INTERNAL', `The op table has two records named ${record.name}.`);
    }
    index.set(record.name, record);
  }
  return index;
}
