/** Runs single kernels on a device, each parameter in a buffer of its own, and in the interpreter. */

/// <reference types="@webgpu/types" />

import {
  bfloat16ToNumber,
  float16ToNumber,
  isInt64,
  newTypedArray,
  numberToBfloat16,
  numberToFloat16,
  type TypedArray,
} from '@whittle/ir';
import { type Kernel, type Param, runKernel } from '@whittle/kernel';
import { expect } from 'vitest';
import { type PrintedShader, printShader } from '../src/print-shader.js';
import type { Slot } from '../src/shader-params.js';

export interface Memory {
  readonly data: TypedArray;
  /** Elements from the start of `data`; 0 where absent. */
  readonly offset?: number;
}

const wordOf = (dtype: Param['dtype']): 'float32' | 'int32' | 'uint32' => {
  if (dtype.includes('float')) return 'float32';
  return dtype.startsWith('int') ? 'int32' : 'uint32';
};

/** What is stored has a word for each element; what is only read lies as constants do. */
function slotOf({ dtype, access }: Param): Slot {
  return access === 'read' ? { dtype, access } : { dtype: wordOf(dtype), access: 'read_write' };
}

export function shaderOf(
  kernel: Kernel,
  memories: readonly Memory[] = [],
  workgroupSize = 64,
): PrintedShader {
  const params = kernel.params.map(
    ({ name }, slot) => [name, { slot, offset: memories[slot]?.offset ?? 0 }] as const,
  );
  const slots = kernel.params.map(slotOf);
  return printShader(kernel, { slots, params: new Map(params) }, { workgroupSize });
}

/** The memories that the kernel may write, after one run of it by the interpreter. */
export function interpreted(kernel: Kernel, memories: readonly Memory[]): TypedArray[] {
  const copies = memories.map((memory) => ({ ...memory, data: memory.data.slice() }));
  runKernel(kernel, copies);
  return written(
    kernel,
    copies.map(({ data }) => data),
  );
}

/** The same after one run on the device. */
export async function runOnDevice(
  device: GPUDevice,
  kernel: Kernel,
  memories: readonly Memory[],
  workgroupSize?: number,
): Promise<TypedArray[]> {
  const { code, workgroups, bindings } = shaderOf(kernel, memories, workgroupSize);
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  const complaints = messages.map(({ lineNum, message }) => `${lineNum}: ${message}`);
  expect(complaints, `${complaints.join('\n')}\n${code}`).toEqual([]);
  const layout = device.createBindGroupLayout({
    entries: bindings.map((access, binding) => ({
      binding,
      visibility: 4,
      buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
    })),
  });
  const pipeline = device.createComputePipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main' },
  });
  const buffers = kernel.params.map((param, i) => {
    const bytes = bytesOf(packed(param, memories[i]?.data ?? newTypedArray(param.dtype, 0)));
    const size = Math.max(16, Math.ceil(bytes.length / 16) * 16);
    const buffer = device.createBuffer({ size, usage: 0x80 | 0x4 | 0x8 });
    device.queue.writeBuffer(buffer, 0, padded(bytes, size));
    return buffer;
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(...workgroups);
  pass.end();
  const copies = buffers.map((buffer) => {
    const copy = device.createBuffer({ size: buffer.size, usage: 0x1 | 0x8 });
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
    return copy;
  });
  device.queue.submit([encoder.finish()]);
  const results = await Promise.all(
    kernel.params.map(async (param, i): Promise<TypedArray> => {
      const copy = copies[i] ?? expect.fail('no copy');
      const given = memories[i]?.data ?? expect.fail('no memory');
      await copy.mapAsync(1);
      const bytes = copy.getMappedRange().slice(0);
      return param.access === 'read' ? given : narrowed(param, bytes, given.length);
    }),
  );
  const error = await device.popErrorScope();
  expect(error?.message, code).toBeUndefined();
  for (const buffer of [...buffers, ...copies]) buffer.destroy();
  return written(kernel, results);
}

function written(kernel: Kernel, data: readonly TypedArray[]): TypedArray[] {
  return data.filter((_, i) => kernel.params[i]?.access === 'write');
}

/** 16-bit floats are their bits in typed arrays, and numbers on the device. */
const halves: Partial<Record<Param['dtype'], { from(x: number): number; to(x: number): number }>> =
  {
    float16: { from: float16ToNumber, to: numberToFloat16 },
    bfloat16: { from: bfloat16ToNumber, to: numberToBfloat16 },
  };

function packed({ dtype, access }: Param, data: TypedArray): TypedArray {
  if (access === 'read') return data;
  const words = newTypedArray(wordOf(dtype), data.length);
  const { from = (x: number) => x } = halves[dtype] ?? {};
  for (let i = 0; i < data.length; i++) words[i] = from(Number(data[i]));
  return words;
}

function narrowed({ dtype }: Param, bytes: ArrayBuffer, length: number): TypedArray {
  const word = wordOf(dtype);
  const make = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array }[word];
  const words = new make(bytes, 0, length);
  const data = newTypedArray(dtype, length);
  const { to = (x: number) => x } = halves[dtype] ?? {};
  for (let i = 0; i < length; i++) {
    const value = to(words[i] ?? 0);
    data[i] = isInt64(dtype) ? BigInt(value) : value;
  }
  return data;
}

function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function padded(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  all.set(bytes);
  return all;
}
