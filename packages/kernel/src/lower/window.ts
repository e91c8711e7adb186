/** The sliding windows of convolutions and pools, one record for each spatial axis. */

import { CompilerError, type Node, optionalAttribute } from '@whittle/ir';
import { add, index, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { Halo } from './rule.js';

export interface Window {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBefore: number;
}

/**
 * The windows of a node with explicit pads.
 * `input` and `output` are the dims of data and result, N and C first.
 * @throws {CompilerError} `E_UNSUPPORTED_FEATURE` where `auto_pad` has not been resolved.
 */
export function windowsOf(
  node: Node,
  input: readonly number[],
  output: readonly number[],
  kernel: readonly number[],
): Window[] {
  const autoPad = optionalAttribute(node, 'auto_pad', 'string') ?? 'NOTSET';
  if (autoPad !== 'NOTSET') {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', `${node.op} has auto_pad "${autoPad}".`, {
      hint: 'Let the pass resolve-auto-pad run, and give the dims of the inputs.',
      where: { node: node.name, op: node.op },
    });
  }
  const strides = optionalAttribute(node, 'strides', 'ints');
  const dilations = optionalAttribute(node, 'dilations', 'ints');
  const pads = optionalAttribute(node, 'pads', 'ints');
  return kernel.map((size, axis) => ({
    input: input[axis + 2] ?? 1,
    output: output[axis + 2] ?? 1,
    kernel: size,
    stride: strides?.[axis] ?? 1,
    dilation: dilations?.[axis] ?? 1,
    padBefore: pads?.[axis] ?? 0,
  }));
}

/** The input positions from the first tap to the last. */
export function extentOf({ kernel, dilation }: Window): number {
  return (kernel - 1) * dilation + 1;
}

/** The input position of a tap: output · stride + tap · dilation − pad. */
export function inputPosition(window: Window, output: Expr, tap: Expr): Expr {
  const start = add(mul(output, index(window.stride)), index(-window.padBefore));
  return add(start, mul(tap, index(window.dilation)));
}

/** Zeros that taps reach before and after the input, per axis; N and C have none. */
export function haloOfWindows(windows: readonly Window[]): Halo {
  const after = windows.map((w) => {
    const last = (w.output - 1) * w.stride + (w.kernel - 1) * w.dilation - w.padBefore;
    return Math.max(0, last - (w.input - 1));
  });
  return {
    before: [0, 0, ...windows.map((w) => Math.max(0, w.padBefore))],
    after: [0, 0, ...after],
  };
}
