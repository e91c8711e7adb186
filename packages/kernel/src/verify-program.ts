/**
 * Checks that a program keeps its rules: what steps and ports name exists and has the
 * type it is used as, everything lies inside of its space and of one bank, no two buffers that live at
 * the same step share a byte, no step reads what lies beside what it writes in a bank, and what turns of a
 * repeat leave to each other lives as long as it.
 */

import { CompilerError, dtypes } from '@whittle/ir';
import { type Kernel, type Param, type Space, spaces } from './loop-ir.js';
import { bankOf } from './memory/bank-of.js';
import { mostBanks } from './memory/color-arena.js';
import { wordTypeOf } from './memory/word-type.js';
import type { ArenaPlan, Buffer, Launch, Port, Program } from './program.js';
import { numbered } from './steps.js';
import { verifyControl, verifyTurns } from './verify-control.js';
import { verifyKernel } from './verify-kernel.js';
import { isRowMajor } from './view.js';

/** @throws {CompilerError} `E_INTERNAL`, naming what breaks which rule. */
export function verifyProgram(program: Program): void {
  const buffers = byName('buffer', program.buffers);
  const kernels = byName('kernel', program.kernels);
  for (const kernel of program.kernels) verifyKernel(kernel);
  verifyBanks(program.arena);
  for (const buffer of program.buffers) verifyBuffer(buffer, program);
  for (const space of spaces) verifyOverlaps(living(program, space));
  for (const port of [...program.inputs, ...program.outputs]) verifyPort(port, buffers);
  for (const [i, step] of program.setup.entries()) verifyStep(step, i, 'setup', kernels, buffers);
  for (const { step, at, end } of numbered(program.steps)) {
    if (step.kind === 'launch') {
      verifyStep(step, at, 'run', kernels, buffers);
      if (isApart(program.arena)) verifyApart(step, at, program.arena, kernels, buffers);
    } else verifyControl(step, { at, end }, buffers);
  }
  verifyTurns(program, kernels);
}

/** The buffers of a space; only in the arena do they live for a time. */
function living({ buffers }: Program, space: Space): readonly Buffer[] {
  const inside = buffers.filter((buffer) => buffer.space === space);
  return space === 'arena' ? inside : inside.map((buffer) => ({ ...buffer, live: [0, 0] }));
}

function byName<T extends { readonly name: string }>(
  what: string,
  items: readonly T[],
): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(item.name)) fail(`two ${what}s are named "${item.name}"`);
    map.set(item.name, item);
  }
  return map;
}

function verifyBuffer(buffer: Buffer, { arena, constants, preparedBytes }: Program): void {
  const { name, byteOffset, length, space, live } = buffer;
  const end = byteOffset + bytesOf(buffer);
  const sizes = { arena: arena.bytes, constants: constants.length, prepared: preparedBytes };
  const limit = sizes[space];
  const whole = Number.isInteger(length) && length >= 0 && Number.isInteger(byteOffset);
  if (!whole || byteOffset < 0 || byteOffset % 64 !== 0) {
    fail(`buffer "${name}" begins at byte ${byteOffset}`);
  }
  if (end > limit) fail(`buffer "${name}" ends at byte ${end} of ${limit}`);
  if (live[0] > live[1]) fail(`buffer "${name}" lives from step ${live[0]} to ${live[1]}`);
  if (space === 'arena') {
    const bank = bankOf(buffer, arena);
    if (end > bank.byteOffset + bank.bytes) fail(`buffer "${name}" lies in two banks`);
  }
}

/** From the first byte of the arena to the last, one behind another. */
function verifyBanks({ banks, bytes }: ArenaPlan): void {
  let end = 0;
  for (const bank of banks) {
    if (bank.byteOffset !== end || bank.bytes < 0) fail(`a bank begins at byte ${bank.byteOffset}`);
    end += bank.bytes;
  }
  if (banks.length === 0 || end !== bytes) fail(`the banks end at byte ${end} of ${bytes}`);
}

/** Whether banks divide the arena, and are not as many as there may be, when conflicts have to be taken. */
function isApart({ banks }: ArenaPlan): boolean {
  return banks.length > 1 && banks.length < mostBanks;
}

/** Where banks divide the arena, a step reads and writes no two buffers of one bank. */
function verifyApart(
  step: Launch,
  at: number,
  arena: ArenaPlan,
  kernels: ReadonlyMap<string, Kernel>,
  buffers: ReadonlyMap<string, Buffer>,
): void {
  const params = kernels.get(step.kernel)?.params ?? [];
  const inArena = step.args.flatMap((argument, i) => {
    const buffer = buffers.get(argument.buffer);
    if (buffer?.space !== 'arena') return [];
    return [{ name: buffer.name, bank: bankOf(buffer, arena), access: params[i]?.access }];
  });
  for (const read of inArena.filter(({ access }) => access === 'read')) {
    const written = inArena.find(
      ({ name, bank, access }) => access === 'write' && name !== read.name && bank === read.bank,
    );
    if (written === undefined) continue;
    fail(`step ${at}, ${step.kernel}: "${read.name}" is read in the bank of "${written.name}"`);
  }
}

/**
 * By a sweep over the bytes: only those before in memory that reach beyond a buffer's start are
 * compared with it.
 */
function verifyOverlaps(
  buffers: readonly Pick<Buffer, 'name' | 'byteOffset' | 'live' | 'length' | 'dtype'>[],
): void {
  let open: (typeof buffers)[number][] = [];
  for (const buffer of [...buffers].sort((a, b) => a.byteOffset - b.byteOffset)) {
    if (buffer.length === 0) continue;
    open = open.filter((other) => other.byteOffset + bytesOf(other) > buffer.byteOffset);
    for (const other of open) {
      const apart = other.live[1] < buffer.live[0] || buffer.live[1] < other.live[0];
      if (!apart) fail(`buffers "${other.name}" and "${buffer.name}" overlap while both live`);
    }
    open.push(buffer);
  }
}

function verifyPort(port: Port, buffers: ReadonlyMap<string, Buffer>): void {
  const { name, dtype, dims, view } = port;
  verifySizes(port, buffers);
  const buffer = buffers.get(view.buffer) ?? fail(`"${name}" lies in no buffer`);
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (view.offset < 0 || view.offset + count > buffer.length) {
    fail(`"${name}" is not inside of buffer "${buffer.name}"`);
  }
  const word = wordTypeOf(dtype);
  const holds = buffer.dtype === word || (dtype === 'float32' && buffer.dtype === 'float16');
  const isOfWords = buffer.space !== 'constants' && holds;
  if (dtype !== buffer.dtype && !isOfWords)
    fail(`"${name}" of ${dtype} lies in a buffer of ${buffer.dtype}`);
  const sameDims = dims.length === view.dims.length && dims.every((dim, i) => dim === view.dims[i]);
  if (!sameDims || (count > 0 && !isRowMajor(view))) fail(`"${name}" is not dense`);
}

/** Sizes of axes that there are, each once and in order, in buffers of int32. */
function verifySizes({ name, dims, sizes = [] }: Port, buffers: ReadonlyMap<string, Buffer>): void {
  let last = -1;
  for (const { axis, buffer } of sizes) {
    if (axis <= last || axis >= dims.length) fail(`"${name}" has a size for axis ${axis}`);
    last = axis;
    const { dtype, length } = buffers.get(buffer) ?? fail(`a size of "${name}" is in no buffer`);
    if (dtype !== 'int32' || length < 1) fail(`a size of "${name}" is no int32`);
  }
}

function verifyStep(
  step: Launch,
  at: number,
  phase: Phase,
  kernels: ReadonlyMap<string, Kernel>,
  buffers: ReadonlyMap<string, Buffer>,
): void {
  const number = phase === 'setup' ? `step ${at} of the setup` : `step ${at}`;
  const where = `${number}, ${step.kernel}`;
  const { params } = kernels.get(step.kernel) ?? fail(`${number} runs no kernel "${step.kernel}"`);
  if (params.length !== step.args.length) {
    fail(`${where}: ${params.length} parameters, ${step.args.length} arguments`);
  }
  for (const [i, param] of params.entries()) {
    const argument = step.args[i] ?? fail(`${where}: no argument ${i}`);
    const buffer = buffers.get(argument.buffer) ?? fail(`${where}: no buffer "${argument.buffer}"`);
    if (buffer.dtype !== param.dtype || buffer.space !== param.space) {
      fail(
        `${where}: "${param.name}" is ${param.dtype} in the ${param.space}, "${buffer.name}" is not`,
      );
    }
    verifyAccess(param, phase, where);
    // Indices count from the offset and may be negative, so it has only to be inside of the buffer.
    if (argument.offset < 0 || argument.offset > buffer.length) {
      fail(`${where}: element ${argument.offset} is not in buffer "${buffer.name}"`);
    }
    if (buffer.space === 'arena' && (at < buffer.live[0] || at > buffer.live[1])) {
      fail(`${where}: buffer "${buffer.name}" lives from ${buffer.live[0]} to ${buffer.live[1]}`);
    }
  }
}

type Phase = 'setup' | 'run';

/** The setup runs before the arena holds anything; what it has prepared, runs share. */
function verifyAccess({ name, space, access }: Param, phase: Phase, where: string): void {
  if (phase === 'setup' && space === 'arena') fail(`${where}: "${name}" is in the arena`);
  if (phase === 'run' && space === 'prepared' && access === 'write') {
    fail(`${where}: "${name}" is prepared, but written`);
  }
}

function bytesOf({ length, dtype }: Pick<Buffer, 'length' | 'dtype'>): number {
  return length * dtypes[dtype].bytes;
}

function fail(message: string): never {
  throw new CompilerError('E_INTERNAL', `The program is broken: ${message}.`);
}
