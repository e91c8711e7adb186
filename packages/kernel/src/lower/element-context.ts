/** What a rule may ask about its node, whatever it is lowered for. */

import { allBound, CompilerError, integersOf, type Node, numbersOf, type Value } from '@whittle/ir';
import type { Expr } from '../loop-ir.js';
import type { ElementContext, ElementType, Operand } from './rule.js';

/** Gives the operand of a value in the kernel being written, and the true size of one of its axes. */
export interface ValueReader {
  operandOf(value: Value, input: number): Operand;
  sizeOf(value: Value, axis: number): Expr;
}

export function elementContext(node: Node, { operandOf, sizeOf }: ValueReader): ElementContext {
  const unsupported = (message: string): never => {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', `${node.op} ${message}.`, {
      where: { node: node.name, op: node.op },
    });
  };
  const optionalConstants = (index: number): readonly number[] | undefined => {
    const value = node.inputs[index];
    if (value === undefined) return undefined;
    const known = integersOf(value) ?? (value.constant && numbersOf(value.constant));
    return known ?? unsupported(`needs its input ${index} to be constant`);
  };
  return {
    node,
    unsupported,
    optionalConstants,
    has: (index) => node.inputs[index] !== undefined,
    operand: (index) => operandOf(requireInput(node, index), index),
    inputDims: (index) => boundDims(requireInput(node, index)),
    outputDims: (index) => boundDims(requireOutput(node, index)),
    outputType: (index) => elementTypeOf(requireOutput(node, index)),
    inputSize: (index, axis) => sizeOf(requireInput(node, index), axis),
    constants: (index) => optionalConstants(index) ?? unsupported(`lacks its input ${index}`),
  };
}

/** For rules that place values: they may ask all but for an element. */
export function contextWithoutOperands(node: Node): ElementContext {
  const fail = (what: string): never => {
    throw new CompilerError('E_INTERNAL', `The placement rule of ${node.op} reads ${what}.`);
  };
  return elementContext(node, {
    operandOf: () => fail('an element'),
    sizeOf: () => fail('a size'),
  });
}

/** @throws {CompilerError} `E_INTERNAL` where the input is absent. */
export function requireInput(node: Node, index: number): Value {
  return node.inputs[index] ?? missing(node, `input ${index}`);
}

/** @throws {CompilerError} `E_INTERNAL` where the output is absent. */
export function requireOutput(node: Node, index: number): Value {
  return node.outputs[index] ?? missing(node, `output ${index}`);
}

/**
 * The dims of a value as numbers.
 * @throws {CompilerError} `E_UNBOUND_DIM`, naming the dims that are still symbolic.
 */
export function boundDims(value: Value): readonly number[] {
  const dims = value.type?.dims;
  if (dims !== undefined && allBound(dims)) return dims;
  throw new CompilerError('E_UNBOUND_DIM', `The shape of "${value.name}" is not known.`, {
    hint: 'Bind the dims of the inputs with --shape NAME:1,3,224,224 or --dim NAME=N.',
    where: { tensor: value.name },
  });
}

/** @throws {CompilerError} `E_UNSUPPORTED_FEATURE` for strings and values of unknown type. */
export function elementTypeOf(value: Value): ElementType {
  const dtype = value.type?.dtype;
  if (dtype !== undefined && dtype !== 'string') return dtype;
  throw new CompilerError(
    'E_UNSUPPORTED_FEATURE',
    `"${value.name}" is a tensor of ${dtype === undefined ? 'unknown type' : 'strings'}.`,
    { where: { tensor: value.name } },
  );
}

function missing(node: Node, what: string): never {
  throw new CompilerError('E_INTERNAL', `The rule of ${node.op} asks for an absent ${what}.`, {
    where: { node: node.name, op: node.op },
  });
}
