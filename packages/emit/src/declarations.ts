/**
 * The `.d.ts` of an emitted module: its inputs, outputs, feeds and results, typed for that model.
 *
 * Names of the model stand in quoted property names and in literal types, through `jsString()`, and
 * nowhere else; the comments give dtypes and numbers only. The file refers to no global that a
 * consumer may lack: `URL`, `WebAssembly.Module` and the WebGPU types are looked up on `globalThis`.
 */

import type { StatementStructures } from 'ts-morph';
import { environmentTypes } from './environment-types.js';
import { Holes } from './holes.js';
import { jsString } from './js-string.js';
import { loadOptions } from './load-options.js';
import { loadTsMorph, printStatements, type TsMorph } from './load-ts-morph.js';
import {
  type DeclaredTensor,
  feedType,
  resultType,
  shapeComment,
  signatureType,
} from './tensor-types.js';

export interface ModelDeclaration {
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
  /** `run` returns a promise of the results. */
  readonly async: boolean;
  /** There is a WebAssembly module that `load` can be given. */
  readonly wasm: boolean;
  /** `load` takes a number of threads. */
  readonly threads: boolean;
  /** `load` takes a GPU device, and feeds may be GPU buffers. */
  readonly gpu: boolean;
}

/**
 * Prints the declarations. The same description gives the same bytes.
 *
 * @throws {RangeError} where a dtype has no typed array or a dim is not a size.
 */
export async function printDeclarations(model: ModelDeclaration): Promise<string> {
  const tsMorph = await loadTsMorph();
  const holes = new Holes([...model.inputs, ...model.outputs].map(({ name }) => jsString(name)));
  const inputs = holes.add(signatureType(model.inputs));
  const outputs = holes.add(signatureType(model.outputs));
  const frame = printStatements(tsMorph, 'module.d.ts', [
    ...environmentTypes(tsMorph, model),
    signature(tsMorph, 'inputs', 'The inputs of the model, in its order.', inputs),
    signature(tsMorph, 'outputs', 'The outputs of the model, in its order.', outputs),
    loadOptions(tsMorph, model),
    ...feedsAndResults(tsMorph, model),
    modelInterface(tsMorph, model),
    {
      kind: tsMorph.StructureKind.Function,
      name: 'load',
      parameters: [{ name: 'options', type: 'LoadOptions', hasQuestionToken: true }],
      returnType: 'Promise<Model>',
      docs: ['Makes an instance of the model. Instances share nothing.'],
      isExported: true,
      hasDeclareKeyword: true,
    },
    // Without it every declaration of a declaration file counts as exported.
    'export {};',
  ]);
  return holes.fill(frame);
}

function signature(
  { StructureKind, VariableDeclarationKind }: TsMorph,
  name: string,
  doc: string,
  type: string,
): StatementStructures {
  return {
    kind: StructureKind.VariableStatement,
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name, type }],
    docs: [doc],
    isExported: true,
    hasDeclareKeyword: true,
  };
}

function feedsAndResults(tsMorph: TsMorph, model: ModelDeclaration): StatementStructures[] {
  const kind = tsMorph.StructureKind.Interface;
  const property = (tensor: DeclaredTensor, type: string) => ({
    name: jsString(tensor.name),
    type,
    docs: [shapeComment(tensor)],
    isReadonly: true,
  });
  return [
    {
      kind,
      name: 'Feeds',
      docs: ['What `run` reads: the data of each input, alone or with its dims.'],
      properties: model.inputs.map((input) => property(input, feedType(input, model.gpu))),
      isExported: true,
    },
    {
      kind,
      name: 'Results',
      docs: ['What `run` gives for each output.'],
      properties: model.outputs.map((output) => property(output, resultType(output))),
      isExported: true,
    },
  ];
}

function modelInterface({ StructureKind }: TsMorph, model: ModelDeclaration): StatementStructures {
  return {
    kind: StructureKind.Interface,
    name: 'Model',
    docs: ['A loaded instance of the model.'],
    methods: [
      {
        name: 'run',
        parameters: [
          { name: 'feeds', type: 'Feeds' },
          { name: 'results', type: 'Results', hasQuestionToken: true },
        ],
        returnType: model.async ? 'Promise<Results>' : 'Results',
        docs: [
          'Runs the model once. Results of an earlier run, when given, are written again.\n\n' +
            '@throws {TypeError} on a wrong name, dtype, length or shape.',
        ],
      },
      {
        name: 'dispose',
        returnType: 'void',
        docs: ['Frees what the instance holds. Its `run` may not be called afterwards.'],
      },
    ],
    isExported: true,
  };
}
