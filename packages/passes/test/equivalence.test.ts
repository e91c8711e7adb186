/**
 * Whatever is built from elementwise ops computes the same after each pipeline as before it, and so
 * does each spelling of an activation. What an op computes is the formula of the ONNX reference.
 */

import {
  type Graph,
  GraphBuilder,
  type Node,
  numbersOf,
  parseGraph,
  requiredAttribute,
  runPasses,
  type Value,
} from '@whittle/ir';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pipelines } from '../src/index.js';
import { activationSpellings, spellingConstants, spellingInput } from './activation-spellings.js';
import {
  normalizationConstants,
  normalizationInput,
  normalizationSpellings,
} from './layer-normalization-spellings.js';

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** 2/√π · (x − x³/3 + x⁵/10 − …), the Maclaurin series, which has settled well before its end. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function gelu(x: number, approximate: string): number {
  const inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
  return (x / 2) * (1 + (approximate === 'tanh' ? Math.tanh(inner) : erf(x / Math.SQRT2)));
}

/** What each op does to numbers, for the ops that are built and those that passes make of them. */
const meanings: Readonly<
  Record<string, (args: readonly (number | undefined)[], node: Node) => number>
> = {
  Identity: ([x = 0]) => x,
  Neg: ([x = 0]) => -x,
  Abs: ([x = 0]) => Math.abs(x),
  Relu: ([x = 0]) => Math.max(x, 0),
  Sigmoid: ([x = 0]) => sigmoid(x),
  Add: ([a = 0, b = 0]) => a + b,
  Sub: ([a = 0, b = 0]) => a - b,
  Mul: ([a = 0, b = 0]) => a * b,
  Div: ([a = 0, b = 0]) => a / b,
  Min: ([a = 0, b = a]) => Math.min(a, b),
  Max: ([a = 0, b = a]) => Math.max(a, b),
  Clip: ([x = 0, low = -Infinity, high = Infinity]) => clamp(x, low, high),
  Silu: ([x = 0]) => x * sigmoid(x),
  Reciprocal: ([x = 0]) => 1 / x,
  Sqrt: ([x = 0]) => Math.sqrt(x),
  Pow: ([a = 0, b = 0]) => a ** b,
  Exp: ([x = 0]) => Math.exp(x),
  Log: ([x = 0]) => Math.log(x),
  Erf: ([x = 0]) => erf(x),
  Tanh: ([x = 0]) => Math.tanh(x),
  Greater: ([a = 0, b = 0]) => Number(a > b),
  Where: ([condition = 0, a = 0, b = 0]) => (condition === 0 ? b : a),
  Softplus: ([x = 0]) => softplus(x),
  Softsign: ([x = 0]) => x / (1 + Math.abs(x)),
  Mish: ([x = 0]) => x * Math.tanh(softplus(x)),
  Gelu: ([x = 0], node) => gelu(x, requiredAttribute(node, 'approximate', 'string')),
  LeakyRelu: ([x = 0], node) => (x >= 0 ? x : x * requiredAttribute(node, 'alpha', 'float')),
  PRelu: ([x = 0, slope = 0]) => (x >= 0 ? x : x * slope),
  HardSwish: ([x = 0]) => x * clamp(x / 6 + 0.5, 0, 1),
  HardSigmoid: ([x = 0], node) =>
    clamp(
      x * requiredAttribute(node, 'alpha', 'float') + requiredAttribute(node, 'beta', 'float'),
      0,
      1,
    ),
};
const built = [
  'Identity',
  'Neg',
  'Abs',
  'Relu',
  'Sigmoid',
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Min',
  'Max',
];
const binary = new Set(['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max']);
const constants = [0, 1, 3, 6, 1 / 6, -0];

interface Step {
  readonly op: string;
  /** How far back the operands lie. */
  readonly left: number;
  readonly right: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom(...built),
  left: fc.nat(3),
  right: fc.nat(12),
});

/** Operands are near, so that chains and shared values are common; the constants are the first. */
function buildGraph(steps: readonly Step[]): Graph {
  const builder = new GraphBuilder('random');
  const values: Value[] = constants.map((value) => builder.scalar('float32', value));
  values.push(builder.input('x', 'float32', []));
  const back = (distance: number) => values[Math.max(values.length - 1 - distance, 0)];
  for (const { op, left, right } of steps) {
    const operands = binary.has(op) ? [back(left), back(right)] : [back(left)];
    values.push(builder.op(op, operands));
  }
  values.slice(-2).forEach((value, i) => {
    builder.output(`y${i}`, value);
  });
  return builder.build();
}

/** The elements of one row; what is shorter repeats. */
type Row = readonly number[];

/** What ops over a row do to it. */
const rowMeanings: Readonly<Record<string, (args: readonly Row[], node: Node) => Row>> = {
  ReduceMean: ([x = []]) => [mean(x)],
  LayerNormalization: ([x = [], scale = [], bias = [0]], node) => {
    const variance = mean(x.map((element) => (element - mean(x)) ** 2));
    const deviation = Math.sqrt(variance + requiredAttribute(node, 'epsilon', 'float'));
    return x.map((element, i) => ((element - mean(x)) / deviation) * at(scale, i) + at(bias, i));
  },
};

function mean(row: Row): number {
  return row.reduce((sum, element) => sum + element, 0) / row.length;
}

function at(row: Row, i: number): number {
  return row[i % row.length] ?? Number.NaN;
}

function evaluate(graph: Graph, x: Row): readonly Row[] {
  const known = new Map<Value, Row>(graph.inputs.map((input) => [input, x]));
  const read = (value: Value): Row =>
    value.constant ? numbersOf(value.constant) : (known.get(value) ?? []);
  for (const node of graph.nodes) {
    const [output] = node.outputs;
    if (output) known.set(output, evaluateNode(node, read));
  }
  return graph.outputs.map(({ value }) => read(value));
}

function evaluateNode(node: Node, read: (value: Value) => Row): Row {
  const args = node.inputs.map((input) => input && read(input));
  const ofRows = rowMeanings[node.op];
  if (ofRows)
    return ofRows(
      args.flatMap((arg) => (arg ? [arg] : [])),
      node,
    );
  const meaning = meanings[node.op];
  if (!meaning) throw new Error(`No meaning of ${node.op}`);
  const length = Math.max(...args.map((arg) => arg?.length ?? 0));
  return Array.from({ length }, (_, i) =>
    meaning(
      args.map((arg) => arg && at(arg, i)),
      node,
    ),
  );
}

function expectSameResults(graph: Graph, x: Row): void {
  const expected = evaluate(graph, x);
  for (const passes of Object.values(pipelines)) {
    const after = runPasses(graph, passes, { verify: true }).graph;
    const actual = evaluate(after, x);
    for (const [i, row] of expected.entries()) {
      for (const [k, wanted] of row.entries()) {
        if (!Number.isFinite(wanted)) continue;
        const difference = Math.abs(at(actual[i] ?? [], k) - wanted);
        expect(difference).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(wanted)));
      }
    }
  }
}

const row = [-7.5, -3, -1, 0, 0.25, 2, 3.5, 40];

test('the pipelines change no result', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 24 }), (steps) => {
      expectSameResults(buildGraph(steps), row);
    }),
    { numRuns: 300 },
  );
});

describe('what is recomposed computes what its spelling does', () => {
  for (const { what, lines } of activationSpellings) {
    test(what, () => {
      const head = `${spellingInput}  ${spellingConstants}`;
      expectSameResults(parseGraph(`graph "g" { ${head}  ${lines}  output "y" = %y }`), row);
    });
  }

  for (const { what, lines } of normalizationSpellings) {
    test(what, () => {
      const head = `${normalizationInput}  ${normalizationConstants}`;
      const graph = parseGraph(`graph "g" { ${head}  ${lines}  output "y" = %y }`);
      for (const x of [row.slice(0, 4), row.slice(4), [1, 1, 1, 1.5]]) expectSameResults(graph, x);
    });
  }
});
