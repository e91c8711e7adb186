/**
 * Keys for nodes: two nodes have equal keys exactly when they apply the same op with the same
 * attributes and regions to the same values. Values are numbered by identity and small constants by
 * content, so a key is short however deep the expression is.
 */

import type { Attribute, Graph, Node, Tensor, Value } from '@whittle/ir';

/** Larger constants are weights: equal only where they are one value. */
const maxContentBytes = 256;

export class ValueNumbering {
  readonly #numbers = new Map<Value | Tensor, number>();

  keyOf(node: Node): string {
    return this.#nodeKey(node, new Map());
  }

  /** `inner` numbers the values of regions in the order they are met: their identity says nothing. */
  #nodeKey(node: Node, inner: Map<Value, string>): string {
    const inputs = node.inputs.map((input) => this.#valueKey(input, inner));
    const outputs = node.outputs.map((output) => (output === undefined ? '_' : 'y'));
    const attributes = Object.keys(node.attributes)
      .sort()
      .map((name) => `${JSON.stringify(name)}=${this.#attributeKey(node.attributes[name])}`);
    const regions = Object.keys(node.regions)
      .sort()
      .map((name) => `${JSON.stringify(name)}=${this.#regionKey(node.regions[name], inner)}`);
    return [node.op, inputs, outputs, attributes, regions].join('|');
  }

  #valueKey(value: Value | undefined, inner: Map<Value, string>): string {
    if (value === undefined) return '_';
    const content = value.constant && contentOf(value.constant);
    return content ?? inner.get(value) ?? this.#numberOf(value);
  }

  #regionKey(region: Graph | undefined, inner: Map<Value, string>): string {
    if (region === undefined) return '_';
    const name = (value: Value | undefined) => {
      if (value !== undefined) inner.set(value, `r${inner.size}`);
    };
    for (const input of region.inputs) name(input);
    const types = region.inputs.map((input) => JSON.stringify(input.type));
    const nodes = region.nodes.map((node) => {
      const key = this.#nodeKey(node, inner);
      for (const output of node.outputs) name(output);
      return key;
    });
    const outputs = region.outputs.map(({ value }) => this.#valueKey(value, inner));
    return `{${[types, nodes, outputs].join(';')}}`;
  }

  #attributeKey(attribute: Attribute | undefined): string {
    if (attribute === undefined) return '_';
    const { kind, value } = attribute;
    if (kind === 'tensor') return contentOf(value) ?? `tensor#${this.#numberOf(value)}`;
    const items = typeof value === 'object' ? value : [value];
    return `${kind}:${items.map(itemKey).join(',')}`;
  }

  #numberOf(value: Value | Tensor): string {
    const known = this.#numbers.get(value);
    if (known !== undefined) return String(known);
    const number = this.#numbers.size;
    this.#numbers.set(value, number);
    return String(number);
  }
}

/** Text that two tensors share exactly when they hold the same bits; undefined for large ones. */
function contentOf(tensor: Tensor): string | undefined {
  if (tensor.strings !== undefined || tensor.bytes.byteLength > maxContentBytes) return undefined;
  return `${tensor.dtype}[${tensor.dims.join(',')}]${tensor.bytes.join(' ')}`;
}

/** As JSON, which has no way to write −0, infinities and NaN. */
function itemKey(item: number | string): string {
  if (typeof item === 'string') return JSON.stringify(item);
  return Object.is(item, -0) ? '-0' : String(item);
}
