/** The loop passes, in order. Each is a function from kernel to kernel. */

import type { Kernel } from '../loop-ir.js';

export function optimizeKernel(kernel: Kernel): Kernel {
  return kernel;
}
