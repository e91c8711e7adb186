/** What becomes of each node of a model that is quantised, and which values are held as integers. */

import {
  type Graph,
  type GraphUses,
  indexUses,
  type Node,
  numbersOf,
  optionalAttribute,
  type Value,
} from '@whittle/ir';

/**
 * - `computes`: integers in, integers out; the products and sums are what quantising is for.
 * - `moves`: picks elements of its input, and so works on integers with the scale that they have.
 * - `floats`: stays as it is.
 */
type Role = 'computes' | 'moves' | 'floats';

export interface Step {
  readonly node: Node;
  readonly role: Role;
  /**
   * What stands for the first output: where an activation follows that the rounding does on its own,
   * since all it cuts off is out of the range of the integers, the output of that.
   */
  readonly result: Value | undefined;
}

export interface QuantizationPlan {
  /** In the order of the graph. Activations that a step takes in have none of their own. */
  readonly steps: readonly Step[];
  /** The values held as integers whose range has to be found; others take theirs from these. */
  readonly calibrated: readonly Value[];
}

/** @throws {Error} where the model has control flow. */
export function planQuantization(graph: Graph): QuantizationPlan {
  const uses = indexUses(graph);
  const integers = new Set<Value>();
  const moved = new Set<Value>();
  const absorbed = new Set<Node>();
  for (const node of graph.nodes.filter(computes)) {
    for (const input of activationsOf(node)) integers.add(input);
  }
  const steps = graph.nodes.flatMap((node): Step | readonly [] => {
    if (absorbed.has(node)) return [];
    if (Object.keys(node.regions).length > 0) {
      throw new Error(`${node.op} "${node.name}": models with control flow stay as they are.`);
    }
    const [output] = node.outputs;
    if (computes(node) && output) {
      const activation = activationAfter(output, uses);
      if (activation) absorbed.add(activation);
      const result = activation?.outputs[0] ?? output;
      integers.add(result);
      return { node, role: 'computes', result };
    }
    const [input] = node.inputs;
    if (movingOps.has(node.op) && input && integers.has(input) && !givesIndices(node)) {
      for (const each of node.outputs) {
        if (each === undefined) continue;
        integers.add(each);
        moved.add(each);
      }
      return { node, role: 'moves', result: output };
    }
    return { node, role: 'floats', result: output };
  });
  return { steps, calibrated: [...integers].filter((value) => !moved.has(value)) };
}

/** The axis of input 1 that counts the channels of the output; undefined for ops without weights. */
export function weightAxis(node: Node): number | undefined {
  if (node.op === 'Conv') return 0;
  if (node.op === 'MatMul') return 1;
  if (node.op === 'Gemm') return optionalAttribute(node, 'transB', 'int') === 1 ? 0 : 1;
  return undefined;
}

/** Whether a Gemm is `x · w + b`, of constants, with one summand for each column. */
export function isPlainProduct(node: Node): boolean {
  const [, weight, bias] = node.inputs;
  const columns = weight?.constant?.dims[weightAxis(node) ?? 0];
  return (
    hasWeights(node) &&
    optionalAttribute(node, 'alpha', 'float') === 1 &&
    optionalAttribute(node, 'beta', 'float') === 1 &&
    optionalAttribute(node, 'transA', 'int') === 0 &&
    (!bias || bias.constant?.dims[0] === columns)
  );
}

/** Of those that take uint8 and int8 as of opset 13. */
const movingOps: ReadonlySet<string> = new Set([
  ...['MaxPool', 'Flatten', 'Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Split'],
]);

/** What a node of such an op must be like. */
const computingOps: ReadonlyMap<string, (node: Node) => boolean> = new Map([
  ['Conv', hasWeights],
  ['Gemm', isPlainProduct],
  ['MatMul', (node) => hasWeights(node) && node.inputs[1]?.constant?.dims.length === 2],
  ['Add', () => true],
  ['GlobalAveragePool', () => true],
]);

function computes(node: Node): boolean {
  const isOfFloats = node.inputs.every((input) => !input || input.type?.dtype === 'float32');
  return isOfFloats && computingOps.get(node.op)?.(node) === true;
}

function hasWeights({ inputs: [, weight, bias] }: Node): boolean {
  return weight?.constant !== undefined && (!bias || bias.constant?.dims.length === 1);
}

function givesIndices(node: Node): boolean {
  return node.op === 'MaxPool' && node.outputs[1] !== undefined;
}

function activationsOf(node: Node): readonly Value[] {
  return node.inputs.flatMap((input) => (input && !input.constant ? [input] : []));
}

/** A Relu, or a Clip of a range around 0, that is the only reader of a value. */
function activationAfter(value: Value, uses: GraphUses): Node | undefined {
  const [reader, ...others] = uses.consumersOf(value);
  if (!reader || others.length > 0 || uses.isOutput(value)) return undefined;
  if (reader.op === 'Relu') return reader;
  if (reader.op !== 'Clip' || reader.inputs[0] !== value) return undefined;
  const [, low, high] = reader.inputs;
  return boundOf(low, -Infinity) <= 0 && boundOf(high, Infinity) >= 0 ? reader : undefined;
}

/** NaN, which no comparison holds for, where the bound is not known. */
function boundOf(bound: Value | undefined, absent: number): number {
  if (bound === undefined) return absent;
  return (bound.constant && numbersOf(bound.constant)[0]) ?? Number.NaN;
}
