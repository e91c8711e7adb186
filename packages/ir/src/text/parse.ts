/**
 * Reads the text form of a graph. Types are kept as printed; `verifyGraph` checks them. For tests
 * and examples there is a shorthand that the printer never uses: an output without a type,
 * `%y = Relu(%x)`, gets the one that inference gives it.
 */

import { CompilerError } from '../errors.js';
import type { Attribute, Graph, Node, Output, Value } from '../graph.js';
import { createNode } from '../node.js';
import { maxRegionDepth } from '../verify.js';
import { Lexer } from './lexer.js';
import { readAttribute } from './parse-attribute.js';
import { type Definition, readConstantDefinition, readDefinition } from './parse-definition.js';
import { Scope } from './scope.js';

/**
 * The graph of a text that `printGraph` wrote, or that follows docs/ir-text.md.
 * @throws {CompilerError} `E_INVALID_TEXT` with line and column; `E_INVALID_GRAPH` where inference
 *   of an output without a type refuses the node; `E_LIMIT_DEPTH`, `E_LIMIT_SIZE`.
 */
export function parseGraph(text: string): Graph {
  const lexer = new Lexer(text);
  const graph = readGraph({ lexer, scope: new Scope(lexer) }, 0);
  if (lexer.peek().kind !== 'end') return lexer.expected('the end of the text');
  return graph;
}

interface Reader {
  readonly lexer: Lexer;
  readonly scope: Scope;
}

interface Body {
  readonly inputs: Value[];
  readonly outputs: Output[];
  readonly nodes: Node[];
  readonly metadata: Map<string, string>;
}

function readGraph(reader: Reader, depth: number): Graph {
  if (depth > maxRegionDepth) {
    throw new CompilerError('E_LIMIT_DEPTH', `Regions nest deeper than ${maxRegionDepth} levels.`);
  }
  const { lexer, scope } = reader;
  lexer.expect('word', 'graph');
  const name = lexer.expect('string');
  const body: Body = { inputs: [], outputs: [], nodes: [], metadata: new Map() };
  lexer.expect('symbol', '{');
  scope.enter();
  while (!lexer.take('symbol', '}')) readStatement(reader, body, depth);
  scope.leave();
  const { inputs, outputs, nodes, metadata } = body;
  return { name, inputs, outputs, nodes, metadata: Object.fromEntries(metadata) };
}

function readStatement(reader: Reader, body: Body, depth: number): void {
  const { lexer, scope } = reader;
  if (lexer.take('word', 'input')) body.inputs.push(readInput(reader));
  else if (lexer.take('word', 'const')) readConstant(reader);
  else if (lexer.take('word', 'metadata')) {
    const { offset } = lexer.peek();
    const key = lexer.expect('string');
    lexer.expect('symbol', '=');
    setOnce(lexer, body.metadata, key, lexer.expect('string'), offset);
  } else if (lexer.take('word', 'output')) {
    const name = lexer.expect('string');
    lexer.expect('symbol', '=');
    body.outputs.push({ name, value: scope.read() });
  } else body.nodes.push(readNode(reader, depth));
}

function readInput({ lexer, scope }: Reader): Value {
  const definition = readDefinition(lexer);
  if (!definition.typed) return lexer.expected("':' and a type");
  return scope.define(definition.value, definition.offset);
}

function readConstant({ lexer, scope }: Reader): void {
  const { offset } = lexer.peek();
  scope.define(readConstantDefinition(lexer), offset);
}

function readNode(reader: Reader, depth: number): Node {
  const { lexer, scope } = reader;
  const { kind, text, offset } = lexer.peek();
  if (kind !== 'value' && text !== '_' && text !== '(') return lexer.expected('a statement');
  const definitions = readOutputs(lexer);
  lexer.expect('symbol', '=');
  const op = lexer.expectName('an op');
  const inputs = readInputs(reader);
  const { attributes, regions } = readBraces(reader, depth);
  const name = lexer.peek().kind === 'node name' ? lexer.next().text : '';
  const written = definitions.map((definition) => definition?.value);
  const node: Node = { op, name, inputs, outputs: written, attributes, regions };
  const typed = definitions.every((definition) => definition?.typed ?? true);
  const inferred = typed ? written : inferTypes(lexer, offset, node);
  const outputs = definitions.map((definition, i) => {
    if (definition === undefined) return undefined;
    const value = definition.typed ? definition.value : (inferred[i] ?? definition.value);
    return scope.define(value, definition.offset);
  });
  return { ...node, outputs };
}

function inferTypes(lexer: Lexer, offset: number, node: Node): Node['outputs'] {
  try {
    return createNode({ ...node, outputs: node.outputs.map((output) => output?.name) }).outputs;
  } catch (cause) {
    if (!(cause instanceof CompilerError)) throw cause;
    const { code, message, where } = cause;
    throw new CompilerError(code, `${lexer.position(offset)}: ${message}`, { where, cause });
  }
}

function readOutputs(lexer: Lexer): (Definition | undefined)[] {
  const outputs: (Definition | undefined)[] = [];
  if (lexer.take('symbol', '(')) {
    lexer.expect('symbol', ')');
    return outputs;
  }
  do outputs.push(lexer.take('word', '_') ? undefined : readDefinition(lexer));
  while (lexer.take('symbol', ','));
  return outputs;
}

function readInputs({ lexer, scope }: Reader): (Value | undefined)[] {
  const inputs: (Value | undefined)[] = [];
  lexer.expect('symbol', '(');
  if (lexer.take('symbol', ')')) return inputs;
  do inputs.push(lexer.take('word', '_') ? undefined : scope.read());
  while (lexer.take('symbol', ','));
  lexer.expect('symbol', ')');
  return inputs;
}

/** Attributes and regions, told apart by the word `graph`. */
function readBraces(reader: Reader, depth: number): Pick<Node, 'attributes' | 'regions'> {
  const { lexer } = reader;
  const attributes = new Map<string, Attribute>();
  const regions = new Map<string, Graph>();
  if (lexer.take('symbol', '{') && !lexer.take('symbol', '}')) {
    do {
      const { offset } = lexer.peek();
      const name = lexer.expectName('the name of an attribute');
      lexer.expect('symbol', '=');
      const { kind, text } = lexer.peek();
      if (kind === 'word' && text === 'graph') {
        setOnce(lexer, regions, name, readGraph(reader, depth + 1), offset);
      } else setOnce(lexer, attributes, name, readAttribute(lexer), offset);
    } while (lexer.take('symbol', ','));
    lexer.expect('symbol', '}');
  }
  return { attributes: Object.fromEntries(attributes), regions: Object.fromEntries(regions) };
}

/** @throws {CompilerError} `E_INVALID_TEXT` at `offset` where the key is taken. */
function setOnce<T>(
  lexer: Lexer,
  map: Map<string, T>,
  key: string,
  value: T,
  offset: number,
): void {
  if (map.has(key)) lexer.fail(`${JSON.stringify(key)} is given twice`, offset);
  map.set(key, value);
}
