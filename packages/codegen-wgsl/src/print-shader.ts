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
import {
  CompilerError,
  expressionsIn,
  exprsOf,
  type Kernel,
  memoriesOf,
  type Stmt,
  statementsIn,
} from '@whittle/kernel';
import { type AlignedLanes, alignedLanes } from './aligned-lanes.js';
import type { ShaderParams } from './shader-params.js';
import { SlotMemory } from './slot-memory.js';
import { type Nest, nestsOf, workgroupGrid } from './threads.js';
import { isOfElements } from './types.js';
import { UsedNames } from './used-names.js';
import { helperNames, UsedHelpers } from './wgsl-helpers.js';
import { type WriteContext, writeTurn } from './write-stmts.js';

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
  for (const slot of bindings.slots) {
    if (slot.access !== 'read' && !isOfElements(slot)) fail(`${slot.dtype} is stored`);
  }
  const all = withShared(kernel, bindings);
  const slotNames = all.slots.map((_, slot) => `s${slot}`);
  const names = new FreshNames([
    ...['main', 'group', 'local', 'id', ...helperNames],
    ...slotNames.flatMap(SlotMemory.identifiers),
  ]);
  const aligned = alignedLanes(kernel, all);
  const scope: KernelScope = { kernel, bindings: all, aligned, workgroupSize, fail };
  const module = newModule(scope);
  const nests = nestsOf(kernel);
  const groups = nests.map(({ turns, isOfWorkgroups }) =>
    isOfWorkgroups ? turns : Math.ceil(turns / workgroupSize),
  );
  const workgroups = workgroupGrid(groups.reduce((sum, count) => sum + count, 0));
  const threads = workgroups[0] * workgroups[1] * workgroupSize;
  if (threads >= 2 ** 32) fail(`${threads} threads have no numbers of 32 bits`);
  let first = 0;
  const parts = nests.map((nest, i): NestPart => {
    const { isOfWorkgroups, turns } = nest;
    const begin = isOfWorkgroups ? first : first * workgroupSize;
    first += groups[i] ?? 0;
    const write = (writer: TextWriter): void =>
      writeNest(nest, writer, scope, module, names.inner());
    const name = nests.length === 1 ? undefined : names.fresh(`nest${i}`);
    return { name, isOfWorkgroups, begin, end: begin + turns, write };
  });
  const functions = parts.flatMap((part) => (part.name === undefined ? [] : [printNest(part)]));
  const main = printMain(parts, workgroups[1] === 1 ? undefined : workgroups[0], workgroupSize);
  const sections = [
    ...(bindings.slots.some(({ isNative }) => isNative) ? ['enable f16;'] : []),
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
  /** Whether workgroups are its own, and not threads. */
  readonly isOfWorkgroups: boolean;
  readonly begin: number;
  readonly end: number;
  readonly write: (writer: TextWriter) => void;
}

function printNest({ name, isOfWorkgroups, write }: NestPart): string {
  const writer = new TextWriter();
  const params = isOfWorkgroups ? 'id: u32, local: u32' : 'id: u32';
  return writer.block(`fn ${name}(${params})`, () => write(writer)).toString();
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
    const [part] = parts;
    if (parts.length === 1 && part?.isOfWorkgroups) {
      main.line(`let id = ${number};`);
      main.block(`if (id < ${part.end}u)`, () => part.write(main));
      return;
    }
    main.line(`let id = ${number} * ${workgroupSize}u + local;`);
    for (const { name, isOfWorkgroups, begin, end, write } of parts) {
      const own = isOfWorkgroups ? number : 'id';
      const after = begin === 0 ? '' : `${own} >= ${begin}u && `;
      main.block(`if (${after}${own} < ${end}u)`, () => {
        const from = begin === 0 ? own : `${own} - ${begin}u`;
        if (name === undefined) write(main);
        else main.line(`${name}(${from}${isOfWorkgroups ? ', local' : ''});`);
      });
    }
  });
  return main.toString();
}

/** The bindings, and behind them what the threads of a workgroup share. */
function withShared({ shared = [] }: Kernel, { slots, params }: ShaderParams): ShaderParams {
  const arrays = shared.map(({ dtype }) => ({ dtype, access: 'read_write' as const }));
  const places = shared.map(
    ({ name }, i) => [name, { slot: slots.length + i, offset: 0 }] as const,
  );
  return { slots: [...slots, ...arrays], params: new Map([...params, ...places]) };
}

/** What all nests of a kernel share. */
interface KernelScope {
  readonly kernel: Kernel;
  readonly bindings: ShaderParams;
  readonly aligned: AlignedLanes;
  readonly workgroupSize: number;
  readonly fail: (reason: string) => never;
}

/** What text brings to the module that it stands in. */
interface ShaderModule {
  readonly memories: readonly SlotMemory[];
  readonly helpers: UsedHelpers;
}

function newModule({ kernel, bindings, aligned }: KernelScope): ShaderModule {
  const { shared = [] } = kernel;
  const bound = bindings.slots.length - shared.length;
  const memories = bindings.slots.map((slot, i) => {
    return new SlotMemory(slot, `s${i}`, aligned.vectorSlots.has(i), shared[i - bound]?.length);
  });
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
  { kernel, bindings, aligned, workgroupSize, fail }: KernelScope,
  { memories, helpers }: ShaderModule,
  used: UsedNames,
): void {
  const memoriesOfKernel = memoriesOf(kernel);
  const temporaries = used.temporaries();
  const context: WriteContext = {
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
    memories: memoriesOfKernel,
    kernel: kernel.name,
    readsItsStores: readsItsStores(kernel),
    workgroupSize,
    declare: (name, print, write) => used.declare(name, print, write),
    temporary: (hint) => temporaries(hint),
  };
  writeTurn(nest, 'id', writer, context);
}

/** Of what a kernel stores, shared arrays aside. */
function readsItsStores({ params, body }: Kernel): boolean {
  const written = new Set(params.flatMap(({ name, access }) => (access === 'write' ? [name] : [])));
  return [...statementsIn(body)]
    .flatMap(exprsOf)
    .some((expr) =>
      [...expressionsIn(expr)].some((part) => part.kind === 'load' && written.has(part.param)),
    );
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
