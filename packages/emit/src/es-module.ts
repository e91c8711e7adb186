/**
 * The text of an emitted `.js` module, from a list of its items in order. The module imports nothing.
 *
 * ts-morph prints only the frame: declarations, parameters and doc comments. Bodies, initializers and
 * verbatim statements stand in the frame as *holes*, identifiers that occur nowhere else, and are put in
 * afterwards, byte for byte. So thousands of lines of kernels are never parsed, and a body may
 * hold template literals whose lines must not move.
 */

import type { StatementStructures } from 'ts-morph';
import { assertCommentText, assertIdentifier } from './assert-text.js';
import { Holes } from './holes.js';
import { loadTsMorph, printStatements, type TsMorph } from './load-ts-morph.js';

export interface ModuleParameter {
  readonly name: string;
  readonly initializer?: string;
}

export interface ModuleFunction {
  readonly kind: 'function';
  readonly name: string;
  readonly params?: readonly (string | ModuleParameter)[];
  /** Whole lines, indented by one level: what `new TextWriter({ level: 1 })` gives. */
  readonly body: string;
  readonly doc?: string;
  readonly exported?: boolean;
  readonly async?: boolean;
}

export interface ModuleConstant {
  readonly kind: 'constant';
  readonly name: string;
  /** The text of an expression. */
  readonly value: string;
  readonly doc?: string;
  readonly exported?: boolean;
}

export interface ModuleStatements {
  readonly kind: 'statements';
  /** Whole statements, put in as they are. */
  readonly text: string;
}

export type ModuleItem = ModuleFunction | ModuleConstant | ModuleStatements;

export interface EsModule {
  /** The comment at the top: a text of the compiler's own, never a name of the model. */
  readonly header?: string;
  readonly items: readonly ModuleItem[];
}

/**
 * Prints the module. The same description gives the same bytes.
 *
 * @throws {TypeError} where a name is not an identifier or a comment would end early.
 */
export async function printEsModule(module: EsModule): Promise<string> {
  const tsMorph = await loadTsMorph();
  const holes = new Holes(module.items.flatMap(frameTexts));
  const statements = module.items.map((item) => itemStructure(tsMorph, item, holes));
  const frame = printStatements(tsMorph, 'module.js', statements);
  return headerComment(module.header) + holes.fill(frame);
}

function frameTexts(item: ModuleItem): readonly string[] {
  if (item.kind === 'statements') return [];
  const params = item.kind === 'function' ? (item.params ?? []) : [];
  const names = params.map((param) => (typeof param === 'string' ? param : param.name));
  return [item.name, item.doc ?? '', ...names];
}

function itemStructure(
  { StructureKind, VariableDeclarationKind }: TsMorph,
  item: ModuleItem,
  holes: Holes,
): string | StatementStructures {
  if (item.kind === 'statements') return holes.add(item.text);
  const docs = item.doc === undefined ? [] : [assertCommentText(item.doc)];
  const isExported = item.exported ?? false;
  const name = assertIdentifier(item.name);
  if (item.kind === 'constant') {
    return {
      kind: StructureKind.VariableStatement,
      declarationKind: VariableDeclarationKind.Const,
      declarations: [{ name, initializer: holes.add(item.value) }],
      docs,
      isExported,
    };
  }
  return {
    kind: StructureKind.Function,
    name,
    parameters: (item.params ?? []).map((param) => parameterStructure(param, holes)),
    statements: item.body === '' ? [] : [holes.add(item.body)],
    docs,
    isExported,
    isAsync: item.async ?? false,
  };
}

function parameterStructure(param: string | ModuleParameter, holes: Holes) {
  if (typeof param === 'string') return { name: assertIdentifier(param) };
  const { name, initializer } = param;
  assertIdentifier(name);
  return initializer === undefined ? { name } : { name, initializer: holes.add(initializer) };
}

function headerComment(header: string | undefined): string {
  if (header === undefined) return '';
  return assertCommentText(header)
    .split('\n')
    .map((line) => `// ${line}`.trimEnd())
    .concat('', '')
    .join('\n');
}
