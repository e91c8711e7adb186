import {
  block,
  br,
  brIf,
  type Expr,
  i32Const,
  type Local,
  label,
  localGet,
  localSet,
  loop,
  op,
  type Stmt,
} from '../src/index.js';

/** `i` counts from where it stands, by `by`, up to `to`. */
export function count(i: Local<'i32'>, to: Expr<'i32'>, by: number, body: readonly Stmt[]): Stmt {
  const done = label('done');
  const again = label('again');
  return block(done, [
    loop(again, [
      brIf(done, op('i32.ge_u', localGet(i), to)),
      ...body,
      localSet(i, op('i32.add', localGet(i), i32Const(by))),
      br(again),
    ]),
  ]);
}
