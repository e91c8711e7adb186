/** What a picture says of a node: its op, the constants it reads and the attributes it has. */

import {
  type Attribute,
  type ConvKind,
  convKind,
  elementCount,
  formatDims,
  type Node,
  numbersOf,
  optionalAttribute,
  separableStages,
  type Value,
} from '@whittle/ir';

export interface NodeText {
  readonly title: string;
  readonly kind: ConvKind | undefined;
  readonly details: readonly string[];
  /** The convolutions that it stands for, where it is a fused one. */
  readonly stages: readonly NodeText[];
}

export function describeNode(node: Node): NodeText {
  if (node.op === 'SeparableConv') {
    const stages = separableStages(node).inOrder.map(describeStage);
    const rows = optionalAttribute(node, 'band_rows', 'int') ?? 1;
    const details = [`bands of ${rows} row${rows === 1 ? '' : 's'}`];
    return { title: node.op, kind: undefined, details, stages };
  }
  const kind = convKind(node);
  const title = kind === undefined ? node.op : `${node.op} · ${kind}`;
  const details = [...describeInputs(node), ...describeAttributes(node)];
  return { title, kind, details, stages: [] };
}

/** A stage of a fused op is named by its kind alone. */
function describeStage(stage: Node): NodeText {
  const text = describeNode(stage);
  return { ...text, title: text.kind ?? text.title };
}

/** Constants by their contents where they are few, otherwise by their dims. */
function describeInputs(node: Node): readonly string[] {
  if (node.op === 'Conv') {
    const [, filter, bias, residual] = node.inputs;
    const others = [...(bias ? ['+ bias'] : []), ...(residual ? ['+ residual'] : [])];
    return [`W ${dimsOf(filter)}`, ...(others.length === 0 ? [] : [others.join(' ')])];
  }
  const constants = node.inputs.flatMap((input) =>
    input?.constant ? [describeConstant(input)] : [],
  );
  const [first] = constants;
  const areAlike = constants.length > 2 && constants.every((constant) => constant === first);
  if (first === undefined) return [];
  return [areAlike ? `${constants.length} × ${first}` : constants.join(', ')];
}

const shownElements = 8;

function describeConstant(value: Value): string {
  const { constant } = value;
  if (constant === undefined || elementCount(constant.dims) > shownElements) return dimsOf(value);
  const numbers = numbersOf(constant).map(rounded);
  return constant.dims.length === 0 ? numbers.join() : `[${numbers.join(', ')}]`;
}

function dimsOf(value: Value | undefined): string {
  return value?.type === undefined ? '?' : formatDims(value.type.dims);
}

/** Attributes that say no more than the filter does, or only how exact to be. */
const unsaid = new Set(['kernel_shape', 'epsilon', 'activation', 'activation_params']);

function describeAttributes(node: Node): readonly string[] {
  const words = Object.entries(node.attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, attribute]) => (unsaid.has(name) ? [] : describeAttribute(name, attribute)));
  return [...(words.length === 0 ? [] : [words.join(', ')]), ...describeActivation(node)];
}

/** What an attribute is where it does nothing. */
const neutral: Readonly<Record<string, number>> = { dilations: 1, group: 1, pads: 0, strides: 1 };

function describeAttribute(name: string, { kind, value }: Attribute): readonly string[] {
  const numbers = kind === 'ints' ? value : kind === 'int' ? [value] : undefined;
  if (numbers === undefined) return [`${name} ${String(value)}`];
  const [first = 0] = numbers;
  const areAlike = numbers.every((number) => number === first);
  if (areAlike && first === neutral[name]) return [];
  if (kind === 'ints' && !(areAlike && name in neutral)) return [`${name} [${numbers.join(', ')}]`];
  return [`${kind === 'ints' ? name.replace(/s$/, '') : name} ${first}`];
}

function describeActivation(node: Node): readonly string[] {
  const activation = optionalAttribute(node, 'activation', 'string');
  if (activation === undefined) return [];
  const numbers = optionalAttribute(node, 'activation_params', 'floats') ?? [];
  const parameters = numbers.length === 0 ? '' : `(${numbers.map(rounded).join(', ')})`;
  return [`then ${activation}${parameters}`];
}

function rounded(number: number): string {
  return String(Math.round(number * 1e4) / 1e4);
}
