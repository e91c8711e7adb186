/**
 * The text form of a graph, one node a line, made to be read in a diff. `parseGraph` reads it back
 * to an equal graph; docs/ir-text.md describes it.
 *
 * ```
 * graph "tiny" {
 *   input %x: f32[1,3,8,8]
 *   const %w: f32[1,3,1,1] = [0.5, 0.25, 0.25]
 *   %y: f32[1,1,8,8] = Conv(%x, %w) {pads = [0, 0, 0, 0]} @"first"
 *   output "y" = %y
 * }
 * ```
 */

import { formatDim } from '../dim.js';
import { type Attribute, constantsOf, type Graph, type Node, type Value } from '../graph.js';
import { formatFloatAttribute } from './numerals.js';
import { formatTensorData, formatType } from './print-tensor.js';
import { formatValueName, formatWord, quoteText } from './quote.js';

export interface PrintOptions {
  /**
   * Tensor data of more bytes than this is replaced by its length and hash, for dumps that people
   * read; such a text does not parse. Default: nothing is left out.
   */
  readonly elideAbove?: number;
}

/** Never fails: a graph that breaks the rules prints too, but may not parse. */
export function printGraph(graph: Graph, options: PrintOptions = {}): string {
  const printer: Printer = { lines: [], elideAbove: options.elideAbove ?? Infinity };
  printBody(printer, graph, '', constantsOf(graph), `graph ${quoteText(graph.name)} {`, '}');
  return `${printer.lines.join('\n')}\n`;
}

interface Printer {
  readonly lines: string[];
  readonly elideAbove: number;
}

/**
 * Constants stand at the top of the outermost graph, in order of first use, because a constant may
 * be used by two regions neither of which sees the other.
 */
function printBody(
  printer: Printer,
  graph: Graph,
  indent: string,
  constants: readonly Value[],
  opening: string,
  closing: string,
): void {
  const { lines } = printer;
  const inner = `${indent}  `;
  lines.push(indent + opening);
  for (const [key, text] of Object.entries(graph.metadata)) {
    lines.push(`${inner}metadata ${quoteText(key)} = ${quoteText(text)}`);
  }
  for (const input of graph.inputs) lines.push(`${inner}input ${formatDefinition(input)}`);
  for (const constant of constants) lines.push(inner + formatConstant(printer, constant));
  for (const node of graph.nodes) printNode(printer, node, inner);
  for (const { name, value } of graph.outputs) {
    lines.push(`${inner}output ${quoteText(name)} = ${formatValueName(value.name)}`);
  }
  lines.push(indent + closing);
}

function formatConstant(printer: Printer, value: Value): string {
  const { constant } = value;
  if (constant === undefined) return `const ${formatDefinition(value)}`;
  const definition = formatDefinition({ ...value, type: constant });
  return `const ${definition} = ${formatTensorData(constant, printer.elideAbove)}`;
}

function printNode(printer: Printer, node: Node, indent: string): void {
  const outputs = node.outputs.map((value) => (value ? formatDefinition(value) : '_')).join(', ');
  const inputs = node.inputs.map((value) => (value ? formatValueName(value.name) : '_')).join(', ');
  const head = `${indent}${outputs || '()'} = ${formatWord(node.op)}(${inputs})`;
  const attributes = Object.entries(node.attributes).map(
    ([name, attribute]) => `${formatWord(name)} = ${formatAttribute(printer, attribute)}`,
  );
  const regions = Object.entries(node.regions);
  const tail = node.name === '' ? '' : ` @${quoteText(node.name)}`;
  if (regions.length === 0) {
    const braces = attributes.length === 0 ? '' : ` {${attributes.join(', ')}}`;
    printer.lines.push(head + braces + tail);
    return;
  }
  const before = attributes.map((text) => `${text},`).join(' ');
  printer.lines.push(`${head} {${before}`);
  for (const [i, [name, region]] of regions.entries()) {
    const opening = `${formatWord(name)} = graph ${quoteText(region.name)} {`;
    printBody(printer, region, `${indent}  `, [], opening, i + 1 < regions.length ? '},' : '}');
  }
  printer.lines.push(`${indent}}${tail}`);
}

function formatDefinition(value: Value): string {
  const elements =
    value.elements === undefined ? '' : ` elements [${value.elements.map(formatDim).join(', ')}]`;
  return `${formatValueName(value.name)}: ${formatType(value.type)}${elements}`;
}

/** The kind of an attribute shows in its spelling; an empty list is one of ints unless a word says other. */
function formatAttribute(printer: Printer, attribute: Attribute): string {
  switch (attribute.kind) {
    case 'int':
      return formatInt(attribute.value);
    case 'float':
      return formatFloatAttribute(attribute.value);
    case 'string':
      return quoteText(attribute.value);
    case 'tensor':
      return `${formatType(attribute.value)} ${formatTensorData(attribute.value, printer.elideAbove)}`;
    case 'ints':
      return formatList('ints', attribute.value.map(formatInt));
    case 'floats':
      return formatList('floats', attribute.value.map(formatFloatAttribute));
    case 'strings':
      return formatList('strings', attribute.value.map(quoteText));
  }
}

function formatList(kind: string, items: readonly string[]): string {
  const prefix = items.length === 0 && kind !== 'ints' ? `${kind} ` : '';
  return `${prefix}[${items.join(', ')}]`;
}

function formatInt(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
