/**
 * A kernel being written: its block, the parameters it has asked for so far, and the arguments that
 * the step will pass for them. Kernels index from where an argument points, so two nodes of the same
 * shape give the same kernel with other arguments.
 */

import {
  type Dim,
  elementCount,
  findOp,
  type Node,
  type Tensor,
  typedArrayOf,
  type Value,
} from '@whittle/ir';
import { Block } from '../block.js';
import { cast, literal, load } from '../expr.js';
import type { Expr, Kernel, Param, SharedArray, Space } from '../loop-ir.js';
import type { Argument } from '../program.js';
import { namesOfUsedParams } from '../used-params.js';
import { positionOf, type View } from '../view.js';
import { elementContext } from './element-context.js';
import { indexOfDim } from './index-of-dim.js';
import type { Destination, ElementContext, MemoryOperand, Operand } from './rule.js';
import { ruleOf } from './table.js';

/** Where a draft finds the values it reads. */
export interface ValueSource {
  /** The memory of a value, constants included. */
  viewOf(value: Value): View;
  spaceOf(buffer: string): Space;
  inlinedNode(value: Value): Node | undefined;
  /** The dims of a value, symbolic where only a run can tell. */
  dimsOf(value: Value): readonly Dim[];
  /** Where a run leaves a size that has a name, as an int32. */
  viewOfSize(name: string): View;
}

export class KernelDraft {
  readonly block = new Block();
  readonly #params: { readonly param: Param; readonly argument: Argument }[] = [];
  readonly #shared: SharedArray[] = [];
  readonly #source: ValueSource;
  readonly #byPlace = new Map<string, string>();

  constructor(source: ValueSource) {
    this.#source = source;
  }

  /** What a rule may ask about `node`, with operands that this kernel reads. */
  contextOf(node: Node): ElementContext {
    return elementContext(node, {
      operandOf: (value, input) => this.operand(value, stemOf(node, input)),
      sizeOf: (value, axis) => this.size(this.#source.dimsOf(value)[axis] ?? 1),
    });
  }

  /** A dim as an index that this kernel computes. */
  size(dim: Dim): Expr {
    return indexOfDim(dim, (name) => {
      const size = this.memory(this.#source.viewOfSize(name), 'size');
      return cast(size.read(this.block, []), 'index');
    });
  }

  /** `stem` names the parameter that the operand needs if it lies in memory. */
  operand(value: Value, stem = 'x'): Operand {
    const { constant } = value;
    const scalar = constant === undefined ? undefined : scalarOperand(constant);
    if (scalar !== undefined) return scalar;
    const inlined = this.#source.inlinedNode(value);
    return inlined === undefined
      ? this.memory(this.#source.viewOf(value), stem)
      : this.#inlinedOperand(inlined, value);
  }

  memory(view: View, stem = 'x'): MemoryOperand {
    const param = this.param(stem, view, 'read');
    return {
      dtype: view.dtype,
      dims: view.dims,
      param,
      view,
      read: (_, at) => load(param, view.dtype, positionOf(view, at)),
    };
  }

  destination(view: View, stem = 'y'): Destination {
    const param = this.param(stem, view, 'write');
    return {
      dtype: view.dtype,
      dims: view.dims,
      param,
      view,
      store: (block, at, value) => block.store(param, positionOf(view, at), value),
    };
  }

  /** The parameter for the memory at a view's offset; the same place and access give the same one. */
  param(
    stem: string,
    view: Pick<View, 'buffer' | 'offset' | 'dtype'>,
    access: Param['access'],
  ): string {
    const place = `${view.buffer}+${view.offset} ${access}`;
    const known = this.#byPlace.get(place);
    if (known !== undefined) return known;
    const name = this.block.fresh(stem);
    this.#byPlace.set(place, name);
    const { buffer, offset, dtype } = view;
    const space = this.#source.spaceOf(buffer);
    this.#params.push({ param: { name, dtype, space, access }, argument: { buffer, offset } });
    return name;
  }

  shared(stem: string, length: number): string {
    const name = this.block.fresh(stem);
    this.#shared.push({ name, dtype: 'float32', length });
    return name;
  }

  /** The kernel that the block is, under `name`. */
  kernel(name: string, params: readonly Param[]): Kernel {
    const kernel = { name, params, body: this.block.stmts };
    return this.#shared.length === 0 ? kernel : { ...kernel, shared: this.#shared };
  }

  /** The parameters that the block uses with their arguments, those that are read first. */
  parameters(): { readonly params: readonly Param[]; readonly args: readonly Argument[] } {
    const used = namesOfUsedParams(this.block.stmts);
    const kept = this.#params.filter(({ param }) => used.has(param.name));
    const ordered = [
      ...kept.filter(({ param }) => param.access === 'read'),
      ...kept.filter(({ param }) => param.access === 'write'),
    ];
    return {
      params: ordered.map(({ param }) => param),
      args: ordered.map(({ argument }) => argument),
    };
  }

  #inlinedOperand(node: Node, value: Value): Operand {
    const context = this.contextOf(node);
    const output = node.outputs.indexOf(value);
    const { element } = ruleOf(node.op);
    return {
      dtype: context.outputType(output),
      dims: context.outputDims(output),
      read: (block, at) =>
        element === undefined
          ? context.unsupported('cannot be inlined')
          : block.let('t', element(context, block, at, output)),
    };
  }
}

/** What the op's record calls an input, in lower case: `x`, `w`, `b`. */
export function stemOf(node: Node, input: number): string {
  const formals = findOp(node.op)?.inputs ?? [];
  return (formals[input] ?? formals.at(-1))?.name.toLowerCase() ?? 'x';
}

/** A constant of one element is part of the code; 16-bit floats, held as bits, are loaded. */
function scalarOperand({ dtype, dims, ...data }: Tensor): Operand | undefined {
  const asBits = dtype === 'string' || dtype === 'float16' || dtype === 'bfloat16';
  if (asBits || elementCount(dims) !== 1) return undefined;
  const [value = 0] = typedArrayOf({ dtype, dims, ...data });
  const expr: Expr = literal(dtype, value);
  return { dtype, dims, read: () => expr };
}
