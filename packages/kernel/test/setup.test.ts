/** Steps of the setup: what they may touch, and what lowering has them prepare. */

import { type Graph, GraphBuilder, tensorOf, type Value } from '@whittle/ir';
import { describe, expect, it } from 'vitest';
import {
  interpretProgram,
  lowerGraph,
  memoryPlaces,
  parseProgram,
  printProgram,
  verifyProgram,
} from '../src/index.js';
import { testTarget } from './op-cases/interpret-graph.js';

const text = `program "p" {
  arena 128 bytes, at least 128
  constants 64 bytes = "AACAPwAAAEAAAEBAAACAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
  prepared 64 bytes
  buffer %x: f32[2] arena+0 live -1..0
  buffer %y: f32[2] arena+64 live 0..1
  buffer %w: f32[2] constants+0 live -1..1
  buffer %u: f32[2] prepared+0 live -1..1
  input "x": f32[2] = %x+0 strides [1]
  output "y": f32[2] = %y+0 strides [1]
  kernel double(w: f32 read constants, u: f32 write prepared) {
    for i in 0..2 {
      u[i] = w[i] * 2.0;
    }
  }
  kernel mul(x: f32 read arena, u: f32 read prepared, y: f32 write arena) {
    for i_1 in 0..2 {
      y[i_1] = x[i_1] * u[i_1];
    }
  }
  setup double(%w+0, %u+0) macs 0 @"Mul"
  step mul(%x+0, %u+0, %y+0) macs 0 @"Mul"
}
`;

describe('a program with a setup', () => {
  it('is printed as it was read, and runs', () => {
    const program = parseProgram(text);
    expect(printProgram(program, { data: true })).toBe(text);
    verifyProgram(program);
    const data = Float32Array.of(3, 5);
    const { y } = interpretProgram(program, { x: { dtype: 'float32', dims: [2], data } });
    expect(y?.data).toEqual(Float32Array.of(6, 20));
  });

  it('has what is prepared between the constants and the arena', () => {
    const places = memoryPlaces(parseProgram(text));
    const at = (buffer: string) => places.addressOf({ buffer, offset: 0 }, 'float32');
    expect(['w', 'u', 'x', 'y'].map(at)).toEqual([0, 64, 128, 192]);
    expect(places.bytes).toBe(256);
  });

  it.each([
    ['prepared 64', 'prepared 4', 'buffer "u" ends at byte 8 of 4'],
    ['step mul(%x+0, %u', 'step mul(%x+0, %w', '"u" is float32 in the prepared, "w" is not'],
    ['setup double', 'step double', 'step 0, double: "u" is prepared, but written'],
    ['step mul', 'setup mul', 'step 1 of the setup, mul: "x" is in the arena'],
    ['setup double', 'setup halve', 'step 0 of the setup runs no kernel "halve"'],
  ])('is refused with %j for %j', (from, to, message) => {
    expect(text).toContain(from);
    const broken = parseProgram(text.replace(from, to));
    expect(() => verifyProgram(broken)).toThrow(message);
  });
});

/** Convolutions of one image by filters that take turns; their outputs are added. */
function convolved(filters: readonly number[]): Graph {
  const builder = new GraphBuilder('g');
  const x = builder.input('x', 'float32', [1, 8, 12, 12]);
  const sum = filters
    .map((seed) => {
      const data = Array.from({ length: 8 * 8 * 9 }, (_, i) => ((i * seed) % 7) - 3);
      const w = builder.constant(tensorOf('float32', [8, 8, 3, 3], data));
      return builder.op('Conv', [x, w], { pads: [1, 1, 1, 1] });
    })
    .reduce((a: Value, b: Value) => builder.op('Add', [a, b]));
  builder.output('y', sum);
  return builder.build();
}

describe('a transformed filter', () => {
  const target = { ...testTarget, winograd: 4 } as const;

  it('is made by the setup, so that the weights are the filter', () => {
    const program = lowerGraph(convolved([3]), target);
    verifyProgram(program);
    expect(program.setup.map(({ kernel }) => kernel)).toEqual(['winograd_filter']);
    expect(program.constants.length).toBe(8 * 8 * 9 * 4);
    expect(program.preparedBytes).toBeGreaterThanOrEqual(8 * 8 * 36 * 4);
  });

  it('is made once for all convolutions by one filter', () => {
    const buffers = (filters: readonly number[]) => {
      const { setup, buffers: all } = lowerGraph(convolved(filters), target);
      return [setup.length, all.filter(({ space }) => space === 'prepared').length];
    };
    expect(buffers([3, 3])).toEqual([1, 1]);
    expect(buffers([3, 5])).toEqual([2, 2]);
  });
});
