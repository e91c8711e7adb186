/**
 * The forms in which ONNX has written an op over the years, seen from the newest: what an older
 * opset can say, and how it says it. This is the way back of the upgrade rules, so that a model can
 * leave in the opset it came in.
 */

import {
  type Attribute,
  type AttributeLiterals,
  type Attributes,
  attributesFrom,
  integersOf,
  type Node,
  type Tensor,
  type TensorType,
  type Value,
} from '@whittle/ir';

export interface Form {
  /** The first opset that has the form. */
  readonly since: number;
  /**
   * The nodes that say in this form what `node` says, the last of which define its outputs; or
   * undefined where the form cannot say it.
   */
  readonly write: (node: Node) => readonly Node[] | undefined;
}

/** A value between the nodes of a form; the exporter makes its name unique. */
export function intermediate(stem: string, type: TensorType | undefined): Value {
  return { name: stem, type };
}

export function constantOf(stem: string, tensor: Tensor): Value {
  return { name: stem, type: { dtype: tensor.dtype, dims: tensor.dims }, constant: tensor };
}

/** A node of one output, which bears the name and the doc of the node it stands for. */
export function nodeFor(
  origin: Node,
  op: string,
  inputs: readonly (Value | undefined)[],
  output: Value | undefined,
  attributes: AttributeLiterals = {},
): Node {
  return {
    op,
    name: origin.name,
    inputs,
    outputs: [output],
    attributes: attributesFrom(op, attributes),
    regions: {},
  };
}

export function withoutAttributes(node: Node, ...names: readonly string[]): Node {
  const kept = Object.entries(node.attributes).filter(([name]) => !names.includes(name));
  return { ...node, attributes: Object.fromEntries(kept) };
}

export function withAttributes(node: Node, attributes: Attributes): Node {
  return { ...node, attributes: { ...node.attributes, ...attributes } };
}

export function ints(value: readonly number[]): Attribute {
  return { kind: 'ints', value };
}

/** Whether an attribute says something else than `value`, its default before it existed. */
export function says(node: Node, name: string, value: number | string): boolean {
  const attribute = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
  return attribute !== undefined && attribute.value !== value;
}

/**
 * A form whose attributes take the place of inputs: `names[i]` that of input `i + 1`. It can say
 * only inputs that are known integers.
 */
export function integersAsAttributes(since: number, ...names: readonly string[]): Form {
  return {
    since,
    write: (node) => {
      if (node.inputs.slice(names.length + 1).some((input) => input !== undefined))
        return undefined;
      const attributes: Record<string, Attribute> = {};
      for (const [i, name] of names.entries()) {
        const input = node.inputs[i + 1];
        if (input === undefined) continue;
        const integers = integersOf(input);
        const written = name === 'axes' ? axesFromFront(node, integers) : integers;
        if (written === undefined) return undefined;
        attributes[name] = ints(written);
      }
      return [withAttributes({ ...node, inputs: node.inputs.slice(0, 1) }, attributes)];
    },
  };
}

/** Axes counted from the front, as they had to be before opset 11. */
function axesFromFront(
  node: Node,
  axes: readonly number[] | undefined,
): readonly number[] | undefined {
  if (axes === undefined || axes.every((axis) => axis >= 0)) return axes;
  const dims = (node.op === 'Unsqueeze' ? node.outputs : node.inputs)[0]?.type?.dims;
  return dims && axes.map((axis) => (axis < 0 ? axis + dims.length : axis));
}

/** The same form, where `condition` holds, without attributes that came later. */
export function unchanged(
  since: number,
  condition: (node: Node) => boolean = () => true,
  ...dropped: readonly string[]
): Form {
  return {
    since,
    write: (node) => (condition(node) ? [withoutAttributes(node, ...dropped)] : undefined),
  };
}

/** A form that is tried only where `condition` holds. */
export function only(condition: (node: Node) => boolean, form: Form): Form {
  return { since: form.since, write: (node) => (condition(node) ? form.write(node) : undefined) };
}
