/** Ops that run the graphs inside them. Those graphs read inputs of the case that the op does not take. */

import { type DType, type Graph, GraphBuilder, int64Tensor, type Value } from '@whittle/ir';
import { bool, f32, fixed, i32, i64, ints, type OpCase, opCase, type Regions } from './op-case.js';

type Formal = readonly [name: string, dtype: DType, dims: readonly number[]];
type Body = (inside: GraphBuilder, inputs: readonly Value[]) => readonly Value[];

function region(outer: GraphBuilder, formals: readonly Formal[], body: Body): Graph {
  const inside = new GraphBuilder('region', outer);
  const inputs = formals.map(([name, dtype, dims]) => inside.input(name, dtype, dims));
  for (const [i, value] of body(inside, inputs).entries()) inside.output(`out${i}`, value);
  return inside.build();
}

/** Branches over the inputs of the case. */
const branches =
  (then: Body, otherwise: Body): Regions =>
  (outer, inputs) => ({
    then_branch: region(outer, [], (inside) => then(inside, inputs)),
    else_branch: region(outer, [], (inside) => otherwise(inside, inputs)),
  });

/** A body of a loop that carries values of these types: it gets the turn, the condition and those. */
const loop =
  (
    carried: readonly Formal[],
    body: (inside: GraphBuilder, own: Value[], around: readonly Value[]) => readonly Value[],
  ): Regions =>
  (outer, inputs) => {
    // Names are unique, of loops in loops too.
    const of = carried.map(([name]) => name).join('_');
    const formals: Formal[] = [
      [`turn_${of}`, 'int64', []],
      [`going_${of}`, 'bool', []],
      ...carried,
    ];
    return { body: region(outer, formals, (inside, own) => body(inside, [...own], inputs)) };
  };

const scan =
  (formals: readonly Formal[], body: Body): Regions =>
  (outer) => ({ body: region(outer, formals, body) });

/** An input of a case, in a branch that takes none. */
const at = (values: readonly Value[], index: number): Value => {
  const value = values[index];
  if (value === undefined) throw new Error(`No value ${index}.`);
  return value;
};

const op = (inside: GraphBuilder, name: string, ...inputs: Value[]): Value =>
  inside.op(name, inputs);

const row: Formal = ['row', 'float32', [3]];

/** `Softmax` has a kernel of its own, `Transpose` is a view, the third is another value. */
const threeWays = branches(
  (b, [, x, z]) =>
    [
      b.op('Softmax', [at([x, z] as Value[], 0)]),
      b.op('Transpose', [x], { perm: [0, 2, 1] }),
      z,
    ] as Value[],
  (b, [, x, z]) => [
    op(b, 'Neg', op(b, 'Abs', x as Value)),
    b.op('Transpose', [op(b, 'Exp', x as Value)], { perm: [0, 2, 1] }),
    op(b, 'Add', z as Value, z as Value),
  ],
);

/** Branches that share what they compute with what is around, and one that computes nothing. */
const nested = branches(
  (b, inputs) => {
    const y = op(b, 'Add', at(inputs, 2), at(inputs, 2));
    const inner = (value: Value, name: string) =>
      region(b, [], (inside) => [op(inside, name, value)]);
    const chosen = b.op(
      'If',
      [at(inputs, 1)],
      {},
      {
        regions: { then_branch: inner(y, 'Neg'), else_branch: inner(at(inputs, 2), 'Exp') },
      },
    );
    return [op(b, 'Add', chosen, y)];
  },
  (_, inputs) => [at(inputs, 2)],
);

/** `sum + turn · x`, and whether the sum of the elements is small still; `x` is around the loop. */
const sums = loop([row], (b, [turn, , sum], around) => {
  const factor = b.op('Cast', [turn], { to: 1 });
  const next = op(b, 'Add', sum as Value, op(b, 'Mul', factor, at(around, around.length - 1)));
  const total = b.op('ReduceSum', [next], { keepdims: 0 });
  return [op(b, 'Less', total, b.scalar('float32', 20)), next];
});

/** As `sums`, without an end of its own. */
const endless = loop([row], (b, [turn, going, sum], around) => {
  const factor = b.op('Cast', [turn], { to: 1 });
  const next = op(b, 'Add', sum as Value, op(b, 'Mul', factor, at(around, around.length - 1)));
  return [going as Value, next];
});

/** Two values that change places, a third that counts, and what each turn has stacked. */
const swaps = loop(
  [
    ['a', 'float32', [2, 3]],
    ['b', 'float32', [2, 3]],
    ['count', 'int64', []],
  ],
  (b, [turn, going, x, y, count]) => {
    const counted = op(b, 'Add', count as Value, turn as Value);
    const product = op(b, 'Mul', x as Value, y as Value);
    return [
      going,
      y,
      x,
      counted,
      product,
      b.op('Transpose', [x], { perm: [1, 0] }),
      turn,
    ] as Value[];
  },
);

/** Collatz: `n / 2` or `3 n + 1`, as long as it is not 1. */
const collatz = loop([['n', 'int32', [1]]], (b, [, , n]) => {
  const whole = (value: number) => b.constant({ ...int32(value) });
  const half = op(b, 'Div', n as Value, whole(2));
  const isEven = op(b, 'Equal', op(b, 'Mul', half, whole(2)), n as Value);
  const next = b.op(
    'If',
    [isEven],
    {},
    {
      regions: {
        then_branch: region(b, [], () => [half]),
        else_branch: region(b, [], (inside) => [
          op(inside, 'Add', op(inside, 'Mul', n as Value, whole(3)), whole(1)),
        ]),
      },
    },
  );
  const isOne = op(b, 'Equal', next, whole(1));
  return [b.op('Squeeze', [op(b, 'Not', isOne), b.constant(int64Tensor([0]))]), next];
});

/** For each turn, a loop over the rows of what is around. */
const loops = loop([row], (b, [, going, sum], around) => {
  const inner = loop([['inner', 'float32', [3]]], (c, [turn, goes, x]) => {
    const taken = c.op('Gather', [at(around, around.length - 1), turn as Value]);
    const next = op(c, 'Sub', taken, x as Value);
    return [goes as Value, next];
  })(b, around);
  const limit = b.constant(int64Tensor([2]));
  return [going as Value, b.op('Loop', [limit, undefined, sum], {}, { regions: inner })];
});

function int32(value: number) {
  return { dtype: 'int32' as const, dims: [1], bytes: new Uint8Array(Int32Array.of(value).buffer) };
}

/** Running sums of one input, times the other; the state is of both. */
const running = scan(
  [
    ['sum', 'float32', [3]],
    ['x', 'float32', [3]],
    ['z', 'float32', [2, 3]],
  ],
  (b, [sum, x, z]) => {
    const next = op(b, 'Add', sum as Value, x as Value);
    return [next, op(b, 'Mul', next, z as Value), next];
  },
);

const doubled = scan([['x', 'float32', [2, 3]]], (b, [x]) => [
  op(b, 'Add', x as Value, x as Value),
]);

/** As `sums`; each sum is stacked. */
const stacked = loop([row], (b, [turn, , sum], around) => {
  const factor = b.op('Cast', [turn], { to: 1 });
  const next = op(b, 'Add', sum as Value, op(b, 'Mul', factor, at(around, around.length - 1)));
  const total = b.op('ReduceSum', [next], { keepdims: 0 });
  return [op(b, 'Less', total, b.scalar('float32', 20)), next, next, total];
});

const yes = bool([], [1]);
const no = bool([], [0]);

// biome-ignore format: a table
export const controlFlowCases: readonly OpCase[] = [
  opCase('If', [yes, f32([2, 3, 4]), f32([2, 2])], {}, { regions: threeWays, taken: 1, outputs: 3, note: 'that holds' }),
  opCase('If', [no, f32([2, 3, 4]), f32([2, 2])], {}, { regions: threeWays, taken: 1, outputs: 3, note: 'that does not' }),
  opCase('If', [yes, bool([1], [0]), f32([5])], {}, { regions: nested, taken: 1, note: 'inside of another' }),
  opCase('If', [bool([1], [0]), yes, f32([5])], {}, { regions: nested, taken: 1 }),
  opCase('Loop', [i64([], [4]), undefined, f32([3]), f32([3])], {}, { regions: endless, taken: 3, refusedOnGrid: true }),
  opCase('Loop', [i64([1], [0]), yes, f32([3]), f32([3])], {}, { regions: endless, taken: 3, refusedOnGrid: true, note: 'of no turn' }),
  opCase('Loop', [undefined, yes, f32([3], [1, 1, 1]), f32([3], [1, 2, 1])], {}, { regions: sums, taken: 3, refusedOnGrid: true, note: 'until data say so' }),
  opCase('Loop', [ints(3), yes, f32([3], [1, 1, 1]), f32([3], [5, 2, 1])], {}, { regions: sums, taken: 3, note: 'that ends early' }),
  opCase('Loop', [ints(7), yes, f32([3], [1, 1, 1]), f32([3], [5, 2, 1])], {}, { regions: stacked, taken: 3, outputs: 3, refusedOnGrid: true, note: 'that stacks until data say so' }),
  opCase('Loop', [ints(7), no, f32([3]), f32([3])], {}, { regions: stacked, taken: 3, outputs: 3, refusedOnGrid: true, note: 'that stacks nothing' }),
  opCase('Loop', [ints(3), no, f32([3]), f32([3])], {}, { regions: sums, taken: 3, note: 'that does not begin' }),
  opCase('Loop', [fixed(i64([], [3])), undefined, f32([2, 3]), f32([2, 3]), i64([], [5])], {}, { regions: swaps, outputs: 6, note: 'that swaps and stacks' }),
  opCase('Loop', [undefined, undefined, i32([1], [6])], {}, { regions: collatz, refusedOnGrid: true, note: 'with an If' }),
  opCase('Loop', [fixed(i64([], [3])), undefined, f32([3]), f32([2, 3])], {}, { regions: loops, taken: 3, note: 'of loops' }),
  opCase('Scan', [f32([3]), f32([4, 3]), f32([4, 2, 3])], { num_scan_inputs: 2 }, { regions: running, outputs: 3 }),
  opCase('Scan', [f32([3]), f32([3, 4]), f32([2, 4, 3])], { num_scan_inputs: 2, scan_input_axes: [1, -2], scan_input_directions: [1, 0], scan_output_axes: [-1, 1], scan_output_directions: [1, 0] }, { regions: running, outputs: 3 }),
  opCase('Scan', [f32([2, 5, 3])], { num_scan_inputs: 1, scan_input_axes: [1], scan_output_directions: [1] }, { regions: doubled, note: 'without a state' }),
];
