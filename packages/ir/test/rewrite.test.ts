import { describe, expect, test } from 'vitest';
import {
  absent,
  any,
  CompilerError,
  constant,
  GraphBuilder,
  node,
  oneOf,
  op,
  type Pattern,
  type RewriteRule,
  removeDeadNodes,
  rewriteGraph,
  scalar,
  shared,
  sweepGraph,
  verifyGraph,
} from '../src/index.js';
import { parseGraph } from '../src/text/parse.js';
import { printGraph } from '../src/text/print.js';

const silu: RewriteRule = {
  algebra: 'x · sigmoid(x) → silu(x)',
  pattern: op('Mul', any('x'), op('Sigmoid', any('x'))),
  build: (match, rewriter) => rewriter.op('Silu', [match.value('x')]),
};

const identity: RewriteRule = {
  algebra: 'identity(x) → x',
  pattern: op('Identity', any('x')),
  build: (match) => match.value('x'),
};

function body(lines: string): string {
  return `graph "g" {\n${lines}\n}`;
}

function expectRewrite(rules: readonly RewriteRule[], before: string, after: string): void {
  const rewritten = rewriteGraph(parseGraph(body(before)), rules);
  expect(printGraph(rewritten)).toBe(printGraph(parseGraph(body(after))));
}

function expectUnchanged(rules: readonly RewriteRule[], text: string): void {
  const graph = parseGraph(body(text));
  expect(rewriteGraph(graph, rules)).toBe(graph);
}

describe('a rule', () => {
  test('replaces its root under the name of the root, whichever way round the inputs are', () => {
    for (const inputs of ['%x, %s', '%s, %x']) {
      expectRewrite(
        [silu],
        `input %x: f32[2]
         %s = Sigmoid(%x)
         %y = Mul(${inputs})
         %z = Neg(%y)
         output "z" = %z`,
        `input %x: f32[2]
         %y = Silu(%x)
         %z = Neg(%y)
         output "z" = %z`,
      );
    }
  });

  test('does not fire where an inner result has another reader', () => {
    expectUnchanged(
      [silu],
      `input %x: f32[2]
       %s = Sigmoid(%x)
       %y = Mul(%x, %s)
       %z = Add(%y, %s)
       output "z" = %z`,
    );
  });

  test('does not fire where an inner result is a graph output', () => {
    expectUnchanged(
      [silu],
      `input %x: f32[2]
       %s = Sigmoid(%x)
       %y = Mul(%x, %s)
       output "y" = %y
       output "s" = %s`,
    );
  });

  test('does not fire where an inner result is read in a region', () => {
    expectUnchanged(
      [silu],
      `input %x: f32[2]
       input %c: bool[]
       %s = Sigmoid(%x)
       %y = Mul(%x, %s)
       %i: f32[2] = If(%c) {
         then_branch = graph "t" { output "a" = %s },
         else_branch = graph "e" { output "b" = %x }
       }
       %z = Add(%y, %i)
       output "z" = %z`,
    );
  });

  test('fires on a shared inner node when its pattern says so', () => {
    const rule = { ...silu, pattern: op('Mul', any('x'), shared(op('Sigmoid', any('x')))) };
    expectRewrite(
      [rule],
      `input %x: f32[2]
       %s = Sigmoid(%x)
       %y = Mul(%x, %s)
       output "y" = %y
       output "s" = %s`,
      `input %x: f32[2]
       %s = Sigmoid(%x)
       %y = Silu(%x)
       output "y" = %y
       output "s" = %s`,
    );
  });

  test('takes back the order of a commutative op when a later capture disagrees', () => {
    const distribute: RewriteRule = {
      algebra: 'x · y + y → (x + 1) · y',
      pattern: op('Add', op('Mul', any('x'), any('y')), any('y')),
      build: (match, rewriter) => {
        const raised = rewriter.op('Add', [match.value('x'), rewriter.scalar('float32', 1)]);
        return rewriter.op('Mul', [raised, match.value('y')]);
      },
    };
    expectRewrite(
      [distribute],
      `input %a: f32[2]
       input %b: f32[2]
       %m = Mul(%a, %b)
       %y = Add(%a, %m)
       output "y" = %y`,
      `input %a: f32[2]
       input %b: f32[2]
       const %constant: f32[] = [1.0]
       %Add = Add(%b, %constant)
       %y = Mul(%Add, %a)
       output "y" = %y`,
    );
  });

  test('takes back a choice of several spellings when a later capture disagrees', () => {
    const halved = (x: Pattern) => oneOf(op('Div', x, scalar(2)), op('Mul', any(), any('half')));
    const rule: RewriteRule = {
      algebra: 'max(x / 2 or x · half, half) → half',
      pattern: op('Max', halved(any('x')), any('half')),
      build: (match) => match.value('half'),
    };
    const text = (half: string) => `input %x: f32[2]  input %half: f32[2]  const %two: f32[] = [2]
      ${half}  %y = Max(%h, %half)  output "y" = %y`;
    const whole = 'input %x: f32[2]  input %half: f32[2]  output "y" = %half';
    expectRewrite([rule], text('%h = Div(%x, %two)'), whole);
    expectRewrite([rule], text('%h = Mul(%x, %half)'), whole);
    expectUnchanged([rule], text('%h = Mul(%x, %two)'));
    expectUnchanged([rule], text('%h = Add(%x, %half)'));
  });

  test('knows a scalar in each float dtype as that dtype rounds it', () => {
    const rule: RewriteRule = {
      algebra: 'x · 1/3 → −x',
      pattern: op('Mul', any('x'), scalar(1 / 3)),
      build: (match, rewriter) => rewriter.op('Neg', [match.value('x')]),
    };
    for (const [dtype, third, next] of [
      ['f64', '0.3333333333333333', '0.33333333333333337'],
      ['f32', '0.33333334', '0.33333337'],
      ['f16', '0.33325195', '0.33349609'],
      ['bf16', '0.33398438', '0.3359375'],
    ]) {
      const text = (c: string) =>
        `input %x: ${dtype}[2]  const %c: ${dtype}[] = [${c}]  %y = Mul(%x, %c)  output "y" = %y`;
      expectRewrite(
        [rule],
        text(third ?? ''),
        `input %x: ${dtype}[2]  %y = Neg(%x)  output "y" = %y`,
      );
      expectUnchanged([rule], text(next ?? ''));
    }
  });

  test('captures nodes and constants, and tells absent inputs and scalars apart', () => {
    const rule: RewriteRule = {
      algebra: 'clip(relu(x), absent, 6) → clip(x, 0, 6)',
      pattern: op('Clip', node('relu', 'Relu', any('x')), absent, scalar(6)),
      build: (match, rewriter) => {
        expect(match.node('relu').name).toBe('r');
        const low = rewriter.scalar('float32', 0);
        return rewriter.op('Clip', [match.value('x'), low, match.root.inputs[2]]);
      },
    };
    const text = (low: string, high: string) => `input %x: f32[2]
       const %zero: f32[] = [0.0]
       const %high: f32[] = [${high}]
       %r = Relu(%x) @"r"
       %y = Clip(%r, ${low}, %high)
       output "y" = %y`;
    expectRewrite(
      [rule],
      text('_', '6.0'),
      `input %x: f32[2]
       const %constant: f32[] = [0.0]
       const %high: f32[] = [6.0]
       %y = Clip(%x, %constant, %high)
       output "y" = %y`,
    );
    expectUnchanged([rule], text('%zero', '6.0'));
    expectUnchanged([rule], text('_', '6.5'));
  });

  test('declines by returning undefined, and leaves nothing behind', () => {
    const declining: RewriteRule = {
      algebra: 'never',
      pattern: op('Relu', any('x')),
      build: (match, rewriter) => {
        rewriter.op('Neg', [match.value('x')]);
        return undefined;
      },
    };
    expectUnchanged([declining], 'input %x: f32[2]  %y = Relu(%x)  output "y" = %y');
  });

  test('may not change a type', () => {
    const wrong: RewriteRule = {
      algebra: 'x + c → c',
      pattern: op('Add', any('x'), constant('c')),
      build: (match) => match.value('c'),
    };
    const graph = parseGraph(
      body(`input %x: f32[2]  const %c: f32[] = [1.0]  %y = Add(%x, %c)  output "y" = %y`),
    );
    expect(() => rewriteGraph(graph, [wrong])).toThrow(CompilerError);
  });
});

describe('the driver', () => {
  test('rewrites regions, and gives the values around them to the nodes inside', () => {
    expectRewrite(
      [identity, silu],
      `input %x: f32[2]
       input %c: bool[]
       %i = Identity(%x)
       %y: f32[2] = If(%c) {
         then_branch = graph "t" { %s = Sigmoid(%i)  %m = Mul(%x, %s)  output "a" = %m },
         else_branch = graph "e" { output "b" = %i }
       }
       output "y" = %y`,
      `input %x: f32[2]
       input %c: bool[]
       %y: f32[2] = If(%c) {
         then_branch = graph "t" { %m = Silu(%x)  output "a" = %m },
         else_branch = graph "e" { output "b" = %x }
       }
       output "y" = %y`,
    );
  });

  test('keeps the nodes that a rewrite does not concern', () => {
    const graph = parseGraph(
      body(`input %x: f32[2]
            %a = Relu(%x)
            %i = Identity(%a)
            %b = Neg(%a)
            %y = Add(%i, %b)
            output "y" = %y`),
    );
    const rewritten = rewriteGraph(graph, [identity]);
    expect(rewritten.nodes.map(({ op }) => op)).toEqual(['Relu', 'Neg', 'Add']);
    expect(rewritten.nodes[0]).toBe(graph.nodes[0]);
    expect(rewritten.nodes[1]).toBe(graph.nodes[2]);
    // The value that a changed node defines is the same, so its readers do not change either.
    expect(rewritten.outputs).toEqual(graph.outputs);
    expect(rewritten.outputs[0]?.value).toBe(graph.outputs[0]?.value);
  });

  test('infers types again where a replacement says more', () => {
    const graph = parseGraph(
      body(`input %x: f32[2,3]
            input %s: i64[2]
            %t = Identity(%s)
            %y = Reshape(%x, %t)
            %z = Relu(%y)
            output "z" = %z`),
    );
    const rewritten = sweepGraph(graph, (node, rewriter) =>
      node.op === 'Identity'
        ? rewriter.constant({
            dtype: 'int64',
            dims: [2],
            bytes: new Uint8Array(new BigInt64Array([3n, 2n]).buffer),
          })
        : undefined,
    );
    expect(rewritten.outputs[0]?.value.type?.dims).toEqual([3, 2]);
  });

  test('replaces a node whose type it has just refined', () => {
    const graph = parseGraph(
      body(`input %x: f32[2,3]
            input %s: i64[2]
            %t = Identity(%s)
            %y = Reshape(%x, %t)
            %z = Relu(%y)
            output "y" = %y
            output "z" = %z`),
    );
    const constant = parseGraph(body('const %k: i64[2] = [3, 2]  output "k" = %k')).outputs[0]
      ?.value;
    const rewritten = sweepGraph(graph, (node, rewriter) => {
      if (node.op === 'Identity') return constant;
      return node.op === 'Reshape' ? rewriter.update({}) : undefined;
    });
    verifyGraph(rewritten);
    expect(rewritten.outputs.map(({ value }) => value.type?.dims)).toEqual([
      [3, 2],
      [3, 2],
    ]);
  });

  test('keeps regions of any name', () => {
    const graph = parseGraph(
      body(`input %x: f32[2]  input %c: bool[]  %i = Identity(%x)
        %y: f32[2] = my::Op(%c) {
          "__proto__" = graph "b" { %n = Neg(%i)  %unused = Abs(%i)  output "n" = %n }
        }
        output "y" = %y`),
    );
    for (const change of [removeDeadNodes, (g: typeof graph) => rewriteGraph(g, [identity])]) {
      const [region] = Object.values(change(graph).nodes.at(-1)?.regions ?? {});
      expect(region?.nodes[0]?.op).toBe('Neg');
    }
  });

  test('reports rules that undo each other', () => {
    const rules: RewriteRule[] = [
      { ...identity, pattern: op('Relu', any('x')), build: (m, r) => r.op('Abs', [m.value('x')]) },
      { ...identity, pattern: op('Abs', any('x')), build: (m, r) => r.op('Relu', [m.value('x')]) },
    ];
    const graph = parseGraph(body('input %x: f32[2]  %y = Relu(%x)  output "y" = %y'));
    expect(() => rewriteGraph(graph, rules)).toThrow(/did not settle/);
  });

  test('takes a chain of 200,000 nodes in linear time', () => {
    const builder = new GraphBuilder('chain');
    let value = builder.input('x', 'float32', [4]);
    for (let i = 0; i < 100_000; i++) {
      value = builder.op('Identity', [builder.op('Relu', [value])]);
    }
    builder.output('y', value);
    const graph = builder.build();
    expect(rewriteGraph(graph, [identity]).nodes).toHaveLength(100_000);
  }, 60_000);
});
