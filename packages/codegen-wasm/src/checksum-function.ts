/** The checksum of weights, computed where they lie: `weightsChecksum` of the kernel package, in lanes. */

import { i32Const } from './assembler/constants.js';
import { type Func, func } from './assembler/definitions.js';
import type { Expr } from './assembler/expr.js';
import { laneOp, load, local, localGet, op } from './assembler/expressions.js';
import { brIf, label, localSet, loop, returns } from './assembler/statements.js';
import { splatConst } from './vector-constants.js';

const start = 0x811c9dc5;
const prime = 0x01000193;

/** Of the first `length` bytes of the memory: a multiple of 16, and not 0. */
export function checksumFunction(length: number): Func {
  const [at, hashes] = [local('i32', 'at'), local('v128', 'hashes')];
  const turns = label('words');
  const word = op('v128.xor', localGet(hashes), load('v128.load', localGet(at)));
  const total = [0, 1, 2, 3].reduce(
    (sum: Expr<'i32'>, lane) =>
      op(
        'i32.mul',
        op('i32.xor', sum, laneOp('i32x4.extract_lane', lane, localGet(hashes))),
        i32Const(prime),
      ),
    i32Const(start),
  );
  return func({
    name: 'checksum',
    locals: [at, hashes],
    results: ['i32'],
    body: [
      localSet(hashes, splatConst('int32', start)),
      loop(turns, [
        localSet(hashes, op('i32x4.mul', word, splatConst('int32', prime))),
        localSet(at, op('i32.add', localGet(at), i32Const(16))),
        brIf(turns, op('i32.ne', localGet(at), i32Const(length))),
      ]),
      returns(total),
    ],
  });
}
