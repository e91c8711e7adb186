/**
 * Every opcode by its name in the text format: its bytes, what it takes, what it leaves and which
 * immediates follow it. The rows stand in `opcode-tables/`; here they become one table and types.
 *
 * A signature reads `i32 v128 -> v128`: operand types, an arrow, and the result type if any.
 * Source: the WebAssembly specification, "Binary Format, Instructions".
 */

import { type Bytes, unsigned } from './bytes.js';
import { conversionOps, floatOps, saturatingOps } from './opcode-tables/float.js';
import { integerOps } from './opcode-tables/integer.js';
import { bulkMemoryOps, loadOps, memoryOps, storeOps } from './opcode-tables/memory.js';
import { simdFloatOps } from './opcode-tables/simd-float.js';
import {
  laneOps,
  loadLaneOps,
  shuffleOps,
  simdLoadOps,
  simdStoreOps,
  storeLaneOps,
} from './opcode-tables/simd-memory.js';
import { simdNarrowOps } from './opcode-tables/simd-narrow.js';
import { simdRelaxedOps } from './opcode-tables/simd-relaxed.js';
import { simdWideOps } from './opcode-tables/simd-wide.js';
import type { ValueType } from './value-type.js';

/** What follows an opcode: an alignment and an offset, lane numbers, or nothing. */
interface ImmediateKind {
  /** Bytes that the op reads or writes, which is also its natural alignment. */
  readonly access?: number;
  /** How many lane numbers follow, each below `limit`. */
  readonly lanes?: { readonly count: number; readonly limit: number };
}

export interface Opcode {
  readonly name: string;
  /** The opcode, and the indices of the only memory where an op has them at its end. */
  readonly bytes: Bytes;
  readonly operands: readonly ValueType[];
  readonly result: ValueType | undefined;
  readonly immediate: ImmediateKind;
}

type Row = number | readonly [code: number, detail: number];
type Table = Readonly<Record<string, Readonly<Record<string, Row>>>>;

const valueTables = [
  ...opcodesOf([], integerOps),
  ...opcodesOf([], floatOps),
  ...opcodesOf([], conversionOps),
  ...opcodesOf([0xfc], saturatingOps),
  ...opcodesOf([0xfd], simdNarrowOps),
  ...opcodesOf([0xfd], simdWideOps),
  ...opcodesOf([0xfd], simdFloatOps),
  ...opcodesOf([0xfd], simdRelaxedOps),
];
const memoryTables = [
  ...opcodesOf([], memoryOps, () => ({}), zeros),
  ...opcodesOf([0xfc], bulkMemoryOps, () => ({}), zeros),
  ...opcodesOf([], loadOps, (access) => ({ access })),
  ...opcodesOf([], storeOps, (access) => ({ access })),
  ...opcodesOf([0xfd], simdLoadOps, (access) => ({ access })),
  ...opcodesOf([0xfd], simdStoreOps, (access) => ({ access })),
];
const laneTables = [
  ...opcodesOf([0xfd], loadLaneOps, laneInMemory),
  ...opcodesOf([0xfd], storeLaneOps, laneInMemory),
  ...opcodesOf([0xfd], laneOps, (limit) => ({ lanes: { count: 1, limit } })),
  // A shuffle chooses each lane from those of both operands.
  ...opcodesOf([0xfd], shuffleOps, (lanes) => ({ lanes: { count: lanes, limit: 2 * lanes } })),
];

export const opcodes: ReadonlyMap<string, Opcode> = new Map(
  [...valueTables, ...memoryTables, ...laneTables].map((opcode) => [opcode.name, opcode]),
);

function opcodesOf(
  prefix: Bytes,
  table: Table,
  immediateOf: (detail: number) => ImmediateKind = () => ({}),
  suffixOf: (detail: number) => Bytes = () => [],
): Opcode[] {
  return Object.entries(table).flatMap(([signature, rows]) =>
    Object.entries(rows).map(([name, row]): Opcode => {
      const [code, detail] = typeof row === 'number' ? [row, 0] : row;
      // Behind a prefix an opcode is a LEB128 number; without one it is a byte.
      const opcode = prefix.length > 0 ? unsigned(code) : [code];
      const bytes = [...prefix, ...opcode, ...suffixOf(detail)];
      return { name, bytes, ...parseSignature(signature), immediate: immediateOf(detail) };
    }),
  );
}

function parseSignature(signature: string): Pick<Opcode, 'operands' | 'result'> {
  const words = signature.split(' ');
  const arrow = words.indexOf('->');
  return {
    operands: words.slice(0, arrow) as ValueType[],
    result: words[arrow + 1] as ValueType | undefined,
  };
}

function zeros(count: number): Bytes {
  return new Array<number>(count).fill(0);
}

function laneInMemory(access: number): ImmediateKind {
  return { access, lanes: { count: 1, limit: 16 / access } };
}

/** From the name of each op in a table to its signature. */
type SignaturesOf<T extends Table> = { [S in keyof T as keyof T[S]]: S };
/** The operand types in a signature, in order. */
export type OperandsOf<S> = S extends `${infer First} ${infer Rest}`
  ? First extends ValueType
    ? [First, ...OperandsOf<Rest>]
    : []
  : [];
/** The result type in a signature. */
export type ResultOf<S> = S extends `${string}-> ${infer Result extends ValueType}`
  ? Result
  : never;
/** The type of the value that a store takes besides the address. */
export type StoredOf<S> = S extends `i32 ${infer Stored extends ValueType} ->` ? Stored : never;

export type Signatures = SignaturesOf<typeof integerOps> &
  SignaturesOf<typeof floatOps> &
  SignaturesOf<typeof conversionOps> &
  SignaturesOf<typeof saturatingOps> &
  SignaturesOf<typeof simdNarrowOps> &
  SignaturesOf<typeof simdWideOps> &
  SignaturesOf<typeof simdFloatOps> &
  SignaturesOf<typeof simdRelaxedOps> &
  SignaturesOf<typeof memoryOps>;
export type BulkSignatures = SignaturesOf<typeof bulkMemoryOps>;
export type LoadSignatures = SignaturesOf<typeof loadOps> & SignaturesOf<typeof simdLoadOps>;
export type StoreSignatures = SignaturesOf<typeof storeOps> & SignaturesOf<typeof simdStoreOps>;
export type LoadLaneSignatures = SignaturesOf<typeof loadLaneOps>;
export type StoreLaneSignatures = SignaturesOf<typeof storeLaneOps>;
export type LaneSignatures = SignaturesOf<typeof laneOps>;
