/**
 * The interpreter of kernels. It compiles the trees of a kernel to closures once and then runs them,
 * which takes a few nanoseconds for each operation; nothing is generated as text.
 *
 * It is also the sanitizer of lowering and of loop passes: an access outside of a buffer is an error
 * that names the kernel and the parameter, whatever lies there.
 */

import { CompilerError, isFloat, newTypedArray } from '@whittle/ir';
import type { Kernel } from '../loop-ir.js';
import { FloatCell, IntegerCell, isWide, type NumberCell } from './compile-expr.js';
import { compileBlock, type Declarations, undeclared } from './compile-stmt.js';
import { type Binding, bind, type KernelArgument, unbound } from './memory.js';

export type { KernelArgument } from './memory.js';

/**
 * Runs a kernel once: `args[i]` is the memory of its parameter `i`, written in place.
 * @throws {CompilerError} `E_INTERNAL` on an access outside of a buffer or an argument of another dtype.
 */
export function runKernel(kernel: Kernel, args: readonly KernelArgument[]): void {
  compileKernel(kernel)(args);
}

/** The kernel as a function, for running it many times. */
export function compileKernel(kernel: Kernel): (args: readonly KernelArgument[]) => void {
  const bindings = kernel.params.map((param) => unbound(kernel, param));
  // One workgroup after another has the memory to itself, so one array serves them all.
  const shared = (kernel.shared ?? []).map(({ length, ...array }) => {
    const binding = unbound(kernel, { ...array, space: 'arena', access: 'write' });
    const data = newTypedArray(array.dtype, length);
    // What is read before it is written shows.
    if (data instanceof Float32Array) data.fill(Number.NaN);
    bind(binding, { data, offset: 0 });
    return binding;
  });
  const run = compileBlock(kernel.body, scopeOf(kernel, [...bindings, ...shared]));
  return (args) => {
    if (args.length !== bindings.length) {
      throw new CompilerError(
        'E_INTERNAL',
        `Kernel "${kernel.name}" takes ${bindings.length} arguments, not ${args.length}.`,
      );
    }
    args.forEach((argument, i) => {
      const binding = bindings[i];
      if (binding !== undefined) bind(binding, argument);
    });
    run();
  };
}

function scopeOf(kernel: Kernel, bindings: readonly Binding[]): Declarations {
  const numbers = new Map<string, NumberCell>();
  const bigints = new Map<string, { value: bigint }>();
  const byName = new Map(bindings.map((binding) => [binding.param.name, binding]));
  return {
    kernel: kernel.name,
    numberCell: (name) => numbers.get(name) ?? undeclared(kernel.name, name),
    bigintCell: (name) => bigints.get(name) ?? undeclared(kernel.name, name),
    binding: (param) => byName.get(param) ?? undeclared(kernel.name, param),
    isWide: (name) => bigints.has(name),
    declare: (name, dtype) => {
      if (isWide(dtype)) bigints.set(name, { value: 0n });
      else if (dtype !== 'index' && isFloat(dtype)) numbers.set(name, new FloatCell());
      else numbers.set(name, new IntegerCell());
    },
  };
}
