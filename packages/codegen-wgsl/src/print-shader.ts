/**
 * Spells a kernel as a compute shader:
 *
 *     @group(0) @binding(0) var<storage, read> s0: array<vec4<f32>>;
 *     @group(0) @binding(1) var<storage, read_write> s1: array<vec4<f32>>;
 *
 *     @compute @workgroup_size(64)
 *     fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
 *       let id = group.x * 64u + local;
 *       if (id < 512u) {
 *         let i_by4 = i32(id);
 *         s1[i_by4] = at_least_lanes(s0[i_by4], vec4<f32>(0.0f));
 *       }
 *     }
 *
 * Every nest of a grid is a function where there are several. A slot that is an array of vectors has to
 * be bound to a multiple of 16 bytes.
 */

import { FreshNames, TextWriter } from '@whittle/emit';
import { CompilerError, type Kernel, rangeOfLoop, type Stmt, statementsIn } from '@whittle/kernel';
import { type AlignedLanes, alignedLanes } from './aligned-lanes.js';
import type { ShaderParams } from './shader-params.js';
import { SlotMemory } from './slot-memory.js';
import { type GridLoop, type Nest, nestsOf, workgroupGrid } from './threads.js';
import { isWord } from './types.js';
import { UsedNames } from './used-names.js';
import { helperNames, UsedHelpers } from './wgsl-helpers.js';
import { contextInside, type WriteContext, writeDigit, writeStmts } from './write-stmts.js';

export interface PrintedShader {
  readonly code: string;
  readonly workgroups: [number, number, number];
  /** How each slot is bound. */
  readonly bindings: ('read' | 'read_write')[];
}

export function printShader(
  kernel: Kernel,
  bindings: ShaderParams,
  { workgroupSize }: { readonly workgroupSize: number },
): PrintedShader {
  const fail = failureOf(kernel);
  for (const { dtype, access } of bindings.slots) {
    if (access !== 'read' && !isWord(dtype)) fail(`${dtype} is stored`);
  }
  const slotNames = bindings.slots.map((_, slot) => `s${slot}`);
  const names = new FreshNames([
    ...['main', 'group', 'local', 'id', ...helperNames],
    ...slotNames.flatMap(SlotMemory.identifiers),
  ]);
  const scope: KernelScope = { kernel, bindings, aligned: alignedLanes(kernel, bindings), fail };
  const module = newModule(scope);
  const nests = nestsOf(kernel);
  const groups = nests.map(({ turns }) => Math.ceil(turns / workgroupSize));
  const workgroups = workgroupGrid(groups.reduce((sum, count) => sum + count, 0));
  const threads = workgroups[0] * workgroups[1] * workgroupSize;
  if (threads >= 2 ** 32) fail(`${threads} threads have no numbers of 32 bits`);
  let first = 0;
  const parts = nests.map((nest, i): NestPart => {
    const begin = first * workgroupSize;
    first += groups[i] ?? 0;
    const write = (writer: TextWriter): void =>
      writeNest(nest, writer, scope, module, names.inner());
    const name = nests.length === 1 ? undefined : names.fresh(`nest${i}`);
    return { name, begin, end: begin + nest.turns, write };
  });
  const functions = parts.flatMap((part) => (part.name === undefined ? [] : [printNest(part)]));
  const main = printMain(parts, workgroups[1] === 1 ? undefined : workgroups[0], workgroupSize);
  const sections = [
    module.memories.map((memory, i) => memory.declaration(i)).join('\n'),
    ...module.helpers.texts(),
    ...module.memories.flatMap((memory) => memory.functions()),
    ...functions,
    main,
  ];
  const code = sections.map((section) => `${section.trimEnd()}\n`).join('\n');
  return { code, workgroups, bindings: bindings.slots.map(({ access }) => access) };
}

/** A nest and the threads that are its own, which `main` calls where it has a name. */
interface NestPart {
  readonly name: string | undefined;
  readonly begin: number;
  readonly end: number;
  readonly write: (writer: TextWriter) => void;
}

function printNest({ name, write }: NestPart): string {
  const writer = new TextWriter();
  return writer.block(`fn ${name}(id: u32)`, () => write(writer)).toString();
}

function printMain(
  parts: readonly NestPart[],
  columns: number | undefined,
  workgroupSize: number,
): string {
  const main = new TextWriter();
  const group = '@builtin(workgroup_id) group: vec3<u32>';
  const local = '@builtin(local_invocation_index) local: u32';
  main.line(`@compute @workgroup_size(${workgroupSize})`);
  main.block(`fn main(${group}, ${local})`, () => {
    const number = columns === undefined ? 'group.x' : `(group.y * ${columns}u + group.x)`;
    main.line(`let id = ${number} * ${workgroupSize}u + local;`);
    for (const { name, begin, end, write } of parts) {
      const after = begin === 0 ? '' : `id >= ${begin}u && `;
      main.block(`if (${after}id < ${end}u)`, () => {
        if (name === undefined) write(main);
        else main.line(`${name}(${begin === 0 ? 'id' : `id - ${begin}u`});`);
      });
    }
  });
  return main.toString();
}

/** What all nests of a kernel share. */
interface KernelScope {
  readonly kernel: Kernel;
  readonly bindings: ShaderParams;
  readonly aligned: AlignedLanes;
  readonly fail: (reason: string) => never;
}

/** What text brings to the module that it stands in. */
interface ShaderModule {
  readonly memories: readonly SlotMemory[];
  readonly helpers: UsedHelpers;
}

function newModule({ bindings, aligned }: KernelScope): ShaderModule {
  const memories = bindings.slots.map(
    (slot, i) => new SlotMemory(slot, `s${i}`, aligned.vectorSlots.has(i)),
  );
  return { memories, helpers: new UsedHelpers() };
}

/** What the thread `id` of a nest does. The first time around shows which names are used. */
function writeNest(
  nest: Nest,
  writer: TextWriter,
  scope: KernelScope,
  module: ShaderModule,
  names: FreshNames,
): void {
  const used = new UsedNames(declarations(nest), names);
  writeThread(nest, new TextWriter(), scope, newModule(scope), used);
  used.settle();
  writeThread(nest, writer, scope, module, used);
}

function writeThread(
  nest: Nest,
  writer: TextWriter,
  { kernel, bindings, aligned, fail }: KernelScope,
  { memories, helpers }: ShaderModule,
  used: UsedNames,
): void {
  const params = new Map(kernel.params.map((param) => [param.name, param]));
  const temporaries = used.temporaries();
  let context: WriteContext = {
    nameOf: (name) => used.nameOf(name) ?? fail(`"${name}" is not declared`),
    placeOf: (param) => {
      const { slot, offset } = bindings.params.get(param) ?? fail(`"${param}" lies nowhere`);
      return { memory: memories[slot] ?? fail(`"${param}" has no slot`), offset };
    },
    helper: helpers.use,
    ranges: new Map(),
    fixed: new Map(),
    multiples: aligned.multiples,
    lanes: undefined,
    own: new Set(),
    fail,
    params: kernel.params,
    paramOf: (name) => params.get(name) ?? fail(`"${name}" is no parameter`),
    declare: (name, print, write) => used.declare(name, print, write),
    temporary: (hint) => temporaries(hint),
  };
  for (const grid of nest.loops) {
    const { loop, turns } = grid;
    context = contextInside(loop, context);
    context.ranges.set(loop.name, rangeOfLoop(loop, context.ranges));
    const start = loop.start.kind === 'literal' ? Number(loop.start.value) : 0;
    if (turns === 1) context.fixed.set(loop.name, start);
    else
      writeDigit(
        { ...loop, step: loop.step * (loop.lanes ?? 1) },
        digitOf(grid, nest),
        writer,
        context,
      );
  }
  writeStmts(nest.body, writer, context);
}

/** Which turn of a loop is the thread's, counted from 0. */
function digitOf({ stride, turns }: GridLoop, nest: Nest): string {
  const divided = stride === 1 ? 'id' : `id / ${stride}u`;
  return stride * turns === nest.turns ? `i32(${divided})` : `i32(${divided} % ${turns}u)`;
}

function declarations(nest: Nest): readonly string[] {
  const inside = [...statementsIn(nest.body)].flatMap((stmt: Stmt) =>
    stmt.kind === 'let' || stmt.kind === 'local' || stmt.kind === 'for' ? [stmt.name] : [],
  );
  return [...nest.loops.map(({ loop }) => loop.name), ...inside];
}

function failureOf({ name }: Kernel): (reason: string) => never {
  return (reason) => {
    throw new CompilerError('E_INTERNAL', `Kernel "${name}": ${reason}.`);
  };
}
