/** What the rule of an op that runs the graphs inside it may ask: it places values and adds steps. */

import type { Graph, Node, Value } from '@whittle/ir';
import type { Block } from '../block.js';
import type { Argument, Step } from '../program.js';
import type { View } from '../view.js';
import type { Destination, Halo, MemoryOperand, Operand } from './rule.js';

/** Memory, and the zeros around it. */
export interface PlacedMemory {
  readonly view: View;
  readonly halo: Halo | undefined;
}

/** Writes the steps of an op that runs the graphs inside it. */
export type ControlRule = (context: ControlContext) => void;

export interface ControlContext {
  readonly node: Node;
  /** Where a value lies, a constant among the constants. */
  memoryOf(value: Value): PlacedMemory;
  /** Row-major memory for a value of this type. */
  allocate(value: Value): View;
  /** Says where a value of a region lies, before the steps of the region are written. */
  place(value: Value, memory: PlacedMemory): void;
  /** The values that the nodes of a region can compute wherever they are to lie. */
  placedAnywhere(region: Graph): ReadonlySet<Value>;
  /** The first element of some memory, for a step to look at. */
  argument(view: View): Argument;
  /** The steps of a region's nodes, and after them what `atEnd` adds. */
  stepsOf(region: Graph, atEnd: () => void): readonly Step[];
  /** Adds a step that runs a kernel of the compiler's own. */
  launch(stem: string, write: (kernel: CopyKernel) => void): void;
  /** Says how large the first axis of an output came out, where only a run tells. */
  setSize(output: Value, counter: View): void;
  /** Whether only a run tells how large the first axis of an output comes out. */
  isSizedByRun(output: Value): boolean;
  /** Adds a step that holds others, which bears the node's name. */
  add(step: ControlStep): void;
  /** @throws {CompilerError} `E_UNSUPPORTED_FEATURE`, naming the node. */
  unsupported(message: string): never;
}

/** A kernel that moves what lies somewhere. */
interface CopyKernel {
  readonly block: Block;
  operand(value: Value): Operand;
  memory(view: View, stem?: string): MemoryOperand;
  destination(view: View): Destination;
}

type Unlabelled<S> = S extends { readonly label: string } ? Omit<S, 'label'> : never;

/** A branch or a repeat. */
type ControlStep = Unlabelled<Exclude<Step, { readonly kind: 'launch' }>>;
