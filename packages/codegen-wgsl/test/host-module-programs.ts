/** Small GPU programs, written by hand: each port has a bank of its own, of 256 bytes. */

import type { GpuPort, GpuProgram, Range, Shader } from '../src/gpu-program.ts';

type Element = 'f32' | 'i32' | 'u32';

const words = { f32: 'float32', i32: 'int32', u32: 'uint32' } as const;

/** A shader of 4 elements: all bindings but the last are read, as `a`, `b`…, and the last is `y`. */
export function elementwise(element: Element, reads: number, body: string): Shader {
  const names = [...'abcd'].slice(0, reads);
  const lines = names.map(
    (name, i) => `@group(0) @binding(${i}) var<storage, read> ${name}: array<${element}>;\n`,
  );
  return {
    code:
      `${lines.join('')}@group(0) @binding(${reads}) var<storage, read_write> y: array<${element}>;\n` +
      `@compute @workgroup_size(4)\n` +
      `fn main(@builtin(global_invocation_id) id: vec3<u32>) {\n` +
      `  let i = id.x;\n  if (i >= arrayLength(&y)) { return; }\n  y[i] = ${body};\n}\n`,
    bindings: [...names.map(() => 'read' as const), 'read_write'],
  };
}

export function range(buffer: Range['buffer'], byteLength = 16): Range {
  return { buffer, byteOffset: 0, byteLength };
}

function port(name: string, bank: number, element: Element, more = {}): GpuPort {
  const held = words[element];
  return { name, dtype: held, dims: [1, 4], held, range: range(bank), ...more };
}

const none = { preparedBytes: 0, constants: new Uint8Array(0), setup: [] };

const weights = (values: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(64);
  new Float32Array(bytes.buffer).set(values);
  return bytes;
};

/** y = x · w + 1, with w = [1, 2, 3, 4]. */
export const scale: GpuProgram = {
  ...none,
  shaders: [elementwise('f32', 2, 'a[i] * b[i] + 1.0')],
  banks: [256, 256],
  constants: weights([1, 2, 3, 4]),
  dispatches: [
    { shader: 0, workgroups: [1, 1, 1], bindings: [range(0), range('weights'), range(1)] },
  ],
  inputs: [port('x', 0, 'f32')],
  outputs: [port('y', 1, 'f32')],
};

/** The same, with weights that the setup doubles. */
export const prepared: GpuProgram = {
  ...scale,
  shaders: [...scale.shaders, elementwise('f32', 1, 'a[i] * 2.0')],
  constants: weights([0.5, 1, 1.5, 2]),
  preparedBytes: 256,
  setup: [{ shader: 1, workgroups: [1, 1, 1], bindings: [range('weights'), range('prepared')] }],
  dispatches: [
    { shader: 0, workgroups: [1, 1, 1], bindings: [range(0), range('prepared'), range(1)] },
  ],
};

/** sum = a + b and twice = 2 · sum, in two dispatches. */
export const sums: GpuProgram = {
  ...none,
  shaders: [elementwise('f32', 2, 'a[i] + b[i]'), elementwise('f32', 1, 'a[i] * 2.0')],
  banks: [256, 256, 256, 256],
  dispatches: [
    { shader: 0, workgroups: [1, 1, 1], bindings: [range(0), range(1), range(2)] },
    { shader: 1, workgroups: [1, 1, 1], bindings: [range(2), range(3)] },
  ],
  inputs: [port('a', 0, 'f32'), port('b', 1, 'f32')],
  outputs: [port('sum', 2, 'f32'), port('twice', 3, 'f32')],
};

/** y = body of x, where both are of a dtype and four elements. */
export function unary(dtype: GpuPort['dtype'], element: Element, body: string): GpuProgram {
  return {
    ...none,
    shaders: [elementwise(element, 1, body)],
    banks: [256, 256],
    dispatches: [{ shader: 0, workgroups: [1, 1, 1], bindings: [range(0), range(1)] }],
    inputs: [port('x', 0, element, { dtype })],
    outputs: [port('y', 1, element, { dtype })],
  };
}

/** The program with one name for all that has one. */
export function renamed(program: GpuProgram, name: string): GpuProgram {
  const rename = <P extends GpuPort>(p: P): P => ({ ...p, name });
  return {
    ...program,
    inputs: program.inputs.map(rename),
    outputs: program.outputs.map(rename),
  };
}
