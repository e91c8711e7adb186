/**
 * Loops in lanes: four turns by one. The loop variable and all indices are those of the first lane;
 * what varies is in vectors.
 */

import {
  type Assign,
  declaredIn,
  type For,
  gatheringOf,
  laneTypesOf,
  narrowValueOf,
  rampOf,
  type Stmt,
  type Store,
} from '@whittle/kernel';
import { laneOp, localGet, shuffle } from './assembler/expressions.js';
import { localSet, store, storeLane, type Stmt as WasmStmt } from './assembler/statements.js';
import type { KernelScope, Lanes } from './kernel-scope.js';
import { laneAddress } from './lane-address.js';
import { spreadNames } from './lane-uses.js';
import { asI32 } from './op-by-name.js';
import { spellBinary } from './operators.js';
import { spellAddress } from './spell-expr.js';
import { spellLowBits } from './spell-low-bits.js';
import { spellSum } from './spell-sum.js';
import { spellVector } from './spell-vector.js';
import { laneCount } from './vector-constants.js';
import type { Vector } from './vector-operators.js';

/** What the statements of a loop in lanes have to know. */
export function lanesOf(loop: For, scope: KernelScope): Lanes {
  if (loop.lanes !== laneCount) scope.fail(`"${loop.name}" runs in ${loop.lanes} lanes`);
  const types = laneTypesOf(loop, scope.kernelParams, { narrow: true });
  if (typeof types === 'string') return scope.fail(`"${loop.name}" cannot run in lanes: ${types}`);
  return { types, spread: spreadNames(loop, types), own: declaredIn(loop.body) };
}

/** A statement that has to do with vectors; undefined for one that is the same in all lanes. */
export function spellLaneStmt(stmt: Stmt, scope: KernelScope): readonly WasmStmt[] | undefined {
  const { lanes } = scope;
  if (lanes === undefined) return undefined;
  switch (stmt.kind) {
    case 'let':
      return isVector(stmt.name, lanes)
        ? [localSet(scope.declareVector(stmt.name), spellVector(stmt.value, scope))]
        : undefined;
    case 'local':
      return isVector(stmt.name, lanes)
        ? [localSet(scope.declareVector(stmt.name), spellVector(stmt.init, scope))]
        : undefined;
    case 'assign':
      if (!lanes.own.has(stmt.name)) return spellGathering(stmt, scope);
      return isVector(stmt.name, lanes)
        ? [
            localSet(
              scope.variable(stmt.name),
              spellSum(stmt, scope) ?? spellVector(stmt.value, scope),
            ),
          ]
        : undefined;
    case 'store':
      return spellStore(stmt, scope);
    default:
      return undefined;
  }
}

function isVector(name: string, { types, spread }: Lanes): boolean {
  return types.varying.has(name) || spread.has(name);
}

/** A local from outside of the loop takes one lane after another. */
function spellGathering(assign: Assign, scope: KernelScope): readonly WasmStmt[] {
  const gathering = gatheringOf(assign) ?? scope.fail(`"${assign.name}" is kept from turn to turn`);
  const { dtype } = assign.value;
  const target = scope.variable(assign.name);
  const lanes = scope.temporary('v128', 'lanes');
  const extract = dtype === 'float32' ? 'f32x4.extract_lane' : 'i32x4.extract_lane';
  const takes = [0, 1, 2, 3].map((lane) => {
    const operands = [localGet(target), laneOp(extract, lane, localGet(lanes))] as const;
    return localSet(target, spellBinary(gathering.op, dtype, operands, scope));
  });
  return [localSet(lanes, spellVector(gathering.x, scope)), ...takes];
}

/** The lowest byte of each lane, in the first lane. */
function lowBytes(lanes: Vector, scope: KernelScope): Vector {
  const { first, again } = scope.share(lanes);
  const bytes = [0, 4, 8, 12];
  return shuffle([...bytes, ...bytes, ...bytes, ...bytes], first, again);
}

/** Elements side by side by one store, others one by one. */
function spellStore({ index, value }: Store, scope: KernelScope): readonly WasmStmt[] {
  const ramp = rampOf(index, scope.laneTypes) ?? scope.fail('lanes are stored anywhere');
  const { base, memory } = spellAddress(index, scope);
  const wide = narrowValueOf({ value });
  if (wide !== undefined) {
    const lanes = spellLowBits(wide, scope);
    return [storeLane('v128.store32_lane', 0, base, lowBytes(lanes, scope), memory)];
  }
  const vector = spellVector(value, scope);
  if (ramp === 4) return [store('v128.store', base, vector, memory)];
  const [at, lanes] = [scope.temporary('i32', 'at'), scope.temporary('v128', 'lanes')];
  return [
    localSet(at, base),
    localSet(lanes, vector),
    ...[0, 1, 2, 3].map((lane) => {
      const place = laneAddress(asI32(localGet(at)), memory, lane * ramp);
      return storeLane('v128.store32_lane', lane, place.base, localGet(lanes), place.memory);
    }),
  ];
}
