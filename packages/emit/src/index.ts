/** The public surface: source text, from strings that are safe to programs that are whole. */

export { type ModelDeclaration, printDeclarations } from './declarations.js';
export { defineFunction } from './define-function.js';
export {
  type EsModule,
  type ModuleConstant,
  type ModuleFunction,
  type ModuleItem,
  type ModuleParameter,
  type ModuleStatements,
  printEsModule,
} from './es-module.js';
export { FreshNames } from './fresh-names.js';
export { jsString, jsTemplate, propertyKey } from './js-string.js';
export { type HeldOutput, type HeldVariable, modelFunction } from './model-function.js';
export { moduleFiles } from './module-files.js';
export { moduleNames } from './module-runtime.js';
export { nameOfSize, outputSizes } from './output-sizes.js';
export { safeStem } from './safe-stem.js';
export { arrayOf, type DeclaredTensor } from './tensor-types.js';
export { TextWriter, type TextWriterOptions } from './text-writer.js';
