import {
  type Evaluate,
  elementCount,
  GraphBuilder,
  genericTarget,
  int64Tensor,
  numbersOf,
  type PassContext,
  tensorOf,
} from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { eliminateCommonSubexpressions } from '../src/eliminate-common-subexpressions.js';
import { eliminateDeadCode } from '../src/eliminate-dead-code.js';
import { foldConstants } from '../src/fold-constants.js';
import { foldControlFlow } from '../src/fold-control-flow.js';
import { materializeShapes } from '../src/materialize-shapes.js';
import { expectPass, expectUnchanged } from './before-expected.js';

describe('materialize-shapes', () => {
  test('makes constants of shapes and of arithmetic with them', () => {
    expectPass(
      materializeShapes,
      `input %x: f32[N,6,4]
       const %one: i64[] = [1]
       const %two: i64[1] = [2]
       const %minus: i64[1] = [-1]
       const %zero: i64[1] = [0]
       %s = Shape(%x)
       %c = Gather(%s, %one)
       %d = Unsqueeze(%c, %zero)
       %h = Div(%d, %two)
       %t = Concat(%h, %minus) {axis = 0}
       %y = Reshape(%x, %t)
       output "y" = %y`,
      `input %x: f32[N,6,4]
       const %t: i64[2] = [3, -1]
       %y = Reshape(%x, %t)
       output "y" = %y`,
    );
  });

  test('must not fire on a shape with a dim that has only a name', () => {
    expectUnchanged(materializeShapes, 'input %x: f32[N,6]  %y = Shape(%x)  output "y" = %y');
  });
});

describe('fold-constants', () => {
  /** Knows Add and ConstantOfShape. */
  const evaluate: Evaluate = (node, inputs) => {
    const [a, b] = inputs.map((tensor) => (tensor ? numbersOf(tensor) : []));
    const type = node.outputs[0]?.type;
    if (!type || !a) return undefined;
    const dims = type.dims.map(Number);
    if (node.op === 'ConstantOfShape') return [tensorOf('float32', dims, Array(8).fill(0))];
    if (node.op !== 'Add' || !b) return undefined;
    return [
      tensorOf(
        'float32',
        dims,
        a.map((value, i) => value + (b[i] ?? 0)),
      ),
    ];
  };
  const context: PassContext = { target: genericTarget, evaluate };
  const ab = 'const %a: f32[2] = [1, 2]  const %b: f32[2] = [3, 4]';

  test('computes what depends on constants only', () => {
    expectPass(
      foldConstants,
      `input %x: f32[2]  ${ab}
       %s = Add(%a, %b)
       %t = Add(%s, %a)
       %y = Mul(%x, %t)
       output "y" = %y`,
      `input %x: f32[2]
       const %t: f32[2] = [5, 8]
       %y = Mul(%x, %t)
       output "y" = %y`,
      context,
    );
  });

  test('must not fire on results that are far larger than the inputs', () => {
    const fill = (size: number) => `const %s: i64[1] = [${size}]
      %c = ConstantOfShape(%s)
      output "c" = %c`;
    expectPass(foldConstants, fill(8), 'const %c: f32[8] = splat 0  output "c" = %c', context);
    expectUnchanged(foldConstants, fill(1_000_000), context);
  });

  test('must not fire on products that would take an interpreter minutes', () => {
    let asked = false;
    const counting: PassContext = {
      target: genericTarget,
      evaluate: () => {
        asked = true;
        return undefined;
      },
    };
    expectUnchanged(
      foldConstants,
      `const %a: f32[500,500] = splat 1
       %y = MatMul(%a, %a)
       output "y" = %y`,
      counting,
    );
    expect(asked).toBe(false);
  });

  test('must not fire on a constant joined with itself, which is there only once', () => {
    const wide = tensorOf('float32', [1 << 19], Array(1 << 19).fill(0));
    const builder = new GraphBuilder('twins');
    const weight = builder.constant(wide);
    builder.output('y', builder.op('Concat', [weight, weight], { axis: 0 }));
    const graph = builder.build();
    const evaluateAll: Evaluate = () => [tensorOf('float32', [1 << 20], Array(1 << 20).fill(0))];
    expect(foldConstants.run(graph, { target: genericTarget, evaluate: evaluateAll })).toBe(graph);
  });

  test('stops where all results together are far larger than the model', () => {
    const builder = new GraphBuilder('expansions');
    const scalar = builder.scalar('float32', 1);
    for (let rows = 1; rows <= 400; rows++) {
      const shape = builder.constant(int64Tensor([rows, 600]));
      builder.output(`y${rows}`, builder.op('Expand', [scalar, shape]));
    }
    let bytes = 0;
    const counted: Evaluate = ({ outputs: [output] }) => {
      const dims = output?.type?.dims.map(Number) ?? [];
      const result = {
        dtype: 'float32',
        dims,
        bytes: new Uint8Array(4 * elementCount(dims)),
      } as const;
      bytes += result.bytes.length;
      return [result];
    };
    foldConstants.run(builder.build(), { target: genericTarget, evaluate: counted });
    expect(bytes).toBeGreaterThan(32e6);
    expect(bytes).toBeLessThan(70e6);
  });

  test('must not fire on what it cannot run, of however many inputs', () => {
    const builder = new GraphBuilder('long');
    const one = builder.constant(tensorOf('float32', [1], [1]));
    builder.output('y', builder.op('Concat', Array(200_000).fill(one), { axis: 0 }));
    const graph = builder.build();
    expect(foldConstants.run(graph, context)).toBe(graph);
  });

  test('must not fire without an evaluator or on an op it cannot run', () => {
    const text = `${ab}  %y = Mul(%a, %b)  output "y" = %y`;
    expectUnchanged(foldConstants, text, context);
    expectUnchanged(foldConstants, text);
  });
});

describe('fold-control-flow', () => {
  const context: PassContext = { target: genericTarget };

  test('takes the branch of a known condition', () => {
    for (const [condition, op] of [
      ['true', 'Relu'],
      ['false', 'Neg'],
    ]) {
      expectPass(
        foldControlFlow,
        `input %x: f32[2]
         const %c: bool[] = [${condition}]
         %i: f32[2] = If(%c) {
           then_branch = graph "t" { %a = Relu(%x)  output "a" = %a },
           else_branch = graph "e" { %b = Neg(%x)  output "b" = %b }
         }
         %y = Abs(%i)
         output "y" = %y`,
        `input %x: f32[2]
         %i = ${op}(%x)
         %y = Abs(%i)
         output "y" = %y`,
      );
    }
  });

  test('keeps what both branches read, though one of them goes', () => {
    expectPass(
      foldControlFlow,
      `input %x: f32[2]
       const %c: bool[] = [true]
       %a = Relu(%x)
       %y: f32[2] = If(%c) {
         then_branch = graph "t" { %n = Neg(%a)  output "n" = %n },
         else_branch = graph "e" { %b = Abs(%a)  %d = Exp(%b)  output "d" = %d }
       }
       output "y" = %y`,
      `input %x: f32[2]
       %a = Relu(%x)
       %y = Neg(%a)
       output "y" = %y`,
    );
  });

  test('takes a branch of 200,000 nodes', () => {
    const builder = new GraphBuilder('long');
    const x = builder.input('x', 'float32', [2]);
    const branch = (length: number) => {
      const body = new GraphBuilder('branch', builder);
      let value = x;
      for (let i = 0; i < length; i++) value = body.op('Neg', [value]);
      body.output('y', value);
      return body.build();
    };
    const condition = builder.constant(tensorOf('bool', [], [1]));
    const regions = { then_branch: branch(200_000), else_branch: branch(1) };
    builder.output('y', builder.op('If', [condition], {}, { regions }));
    const { nodes } = foldControlFlow.run(builder.build(), context);
    expect(nodes).toHaveLength(200_000);
  }, 60_000);

  test('must not fire on a condition that is computed', () => {
    expectUnchanged(
      foldControlFlow,
      `input %x: f32[2]
       input %c: bool[]
       %y: f32[2] = If(%c) {
         then_branch = graph "t" { %a = Relu(%x)  output "a" = %a },
         else_branch = graph "e" { output "b" = %x }
       }
       output "y" = %y`,
    );
  });
});

describe('eliminate-common-subexpressions', () => {
  test('computes equal expressions once, constants compared by content', () => {
    expectPass(
      eliminateCommonSubexpressions,
      `input %x: f32[2]
       const %k: f32[] = [2]
       const %l: f32[] = [2]
       %a = Mul(%x, %k)
       %b = Elu(%a) {alpha = 0.5}
       %c = Mul(%x, %l)
       %d = Elu(%c) {alpha = 0.5}
       %y = Add(%b, %d)
       output "y" = %y
       output "d" = %d`,
      `input %x: f32[2]
       const %k: f32[] = [2]
       %a = Mul(%x, %k)
       %b = Elu(%a) {alpha = 0.5}
       %y = Add(%b, %b)
       output "y" = %y
       output "d" = %b`,
    );
  });

  test('lets a region use what the graph around it has computed', () => {
    expectPass(
      eliminateCommonSubexpressions,
      `input %x: f32[2]
       input %c: bool[]
       %a = Relu(%x)
       %i: f32[2] = If(%c) {
         then_branch = graph "t" { %b = Relu(%x)  output "b" = %b },
         else_branch = graph "e" { %n = Neg(%x)  output "n" = %n }
       }
       %y = Add(%a, %i)
       output "y" = %y`,
      `input %x: f32[2]
       input %c: bool[]
       %a = Relu(%x)
       %i: f32[2] = If(%c) {
         then_branch = graph "t" { output "b" = %a },
         else_branch = graph "e" { %n = Neg(%x)  output "n" = %n }
       }
       %y = Add(%a, %i)
       output "y" = %y`,
    );
  });

  test('merges nodes whose regions compute the same', () => {
    const choice = (name: string, op: string) => `%${name}: f32[2] = If(%c) {
      then_branch = graph "t" { %${name}1 = ${op}(%x)  output "t" = %${name}1 },
      else_branch = graph "e" { output "e" = %x }
    }`;
    const head = 'input %x: f32[2]  input %c: bool[]';
    expectPass(
      eliminateCommonSubexpressions,
      `${head}  ${choice('a', 'Relu')}  ${choice('b', 'Relu')}  %y = Add(%a, %b)  output "y" = %y`,
      `${head}  ${choice('a', 'Relu')}  %y = Add(%a, %a)  output "y" = %y`,
    );
    expectUnchanged(
      eliminateCommonSubexpressions,
      `${head}  ${choice('a', 'Relu')}  ${choice('b', 'Neg')}  %y = Add(%a, %b)  output "y" = %y`,
    );
  });

  const kept: readonly [string, string][] = [
    ['the attributes differ', '%a = Elu(%x) {alpha = 0.5}  %b = Elu(%x) {alpha = 0.25}'],
    ['zeros differ in sign', '%a = Elu(%x) {alpha = 0.0}  %b = Elu(%x) {alpha = -0.0}'],
    ['the order of inputs differs', '%n = Neg(%x)  %a = Sub(%x, %n)  %b = Sub(%n, %x)'],
    ['the op is unknown and may be random', '%a: f32[2] = my::Op(%x)  %b: f32[2] = my::Op(%x)'],
    [
      'the op is unknown and runs a region',
      `%a: f32[2] = my::Op(%x) { body = graph "a" { output "a" = %x } }
       %b: f32[2] = my::Op(%x) { body = graph "b" { output "b" = %x } }`,
    ],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(
        eliminateCommonSubexpressions,
        `input %x: f32[2]  ${lines}  %y = Add(%a, %b)  output "y" = %y`,
      );
    });
  }

  test('must not fire between two branches, only one of which runs', () => {
    expectUnchanged(
      eliminateCommonSubexpressions,
      `input %x: f32[2]
       input %c: bool[]
       %i: f32[2] = If(%c) {
         then_branch = graph "t" { %a = Relu(%x)  output "a" = %a },
         else_branch = graph "e" { %b = Relu(%x)  output "b" = %b }
       }
       output "y" = %i`,
    );
  });
});

describe('eliminate-dead-code', () => {
  test('drops what no output depends on, in regions as well', () => {
    expectPass(
      eliminateDeadCode,
      `input %x: f32[2]
       input %c: bool[]
       %a = Relu(%x)
       %unused = Neg(%a)
       %y: f32[2] = If(%c) {
         then_branch = graph "t" { %b = Relu(%a)  %d = Neg(%b)  output "b" = %b },
         else_branch = graph "e" { output "e" = %x }
       }
       output "y" = %y`,
      `input %x: f32[2]
       input %c: bool[]
       %a = Relu(%x)
       %y: f32[2] = If(%c) {
         then_branch = graph "t" { %b = Relu(%a)  output "b" = %b },
         else_branch = graph "e" { output "e" = %x }
       }
       output "y" = %y`,
    );
  });

  test('must not fire on a node of which one output is read', () => {
    expectUnchanged(
      eliminateDeadCode,
      'input %x: f32[4]  %a, %b = Split(%x) {num_outputs = 2}  output "b" = %b',
    );
  });
});
