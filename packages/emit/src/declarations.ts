/**
 * The `.d.ts` of an emitted module: its inputs, outputs, feeds and results, typed for that model.
 *
 * Names of the model stand in quoted property names and in literal types, through `jsString()`, and
 * nowhere else; the comments give dtypes and numbers only. The file refers to no global that a
 * consumer may lack: `URL`, `WebAssembly.Module` and the WebGPU types are looked up on `globalThis`.
 */

import type { MethodSignatureStructure, OptionalKind, StatementStructures } from 'ts-morph';
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
  targetType,
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
  /** `load` takes a GPU device, and feeds and results may be GPU buffers; there is `warmup`. */
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

function feedsAndResults(
  { StructureKind }: TsMorph,
  { inputs, outputs, gpu }: ModelDeclaration,
): StatementStructures[] {
  const tensors = (
    name: string,
    doc: string,
    all: readonly DeclaredTensor[],
    typeOf: (tensor: DeclaredTensor) => string,
  ): StatementStructures => ({
    kind: StructureKind.Interface,
    name,
    docs: [doc],
    properties: all.map((tensor) => ({
      name: jsString(tensor.name),
      type: typeOf(tensor),
      docs: [shapeComment(tensor)],
      isReadonly: true,
    })),
    isExported: true,
  });
  const isSized = outputs.some(({ most }) => most !== undefined);
  const ofRun = isSized
    ? '\n\nWhere a size is a range, each run makes a new record, of the size that came out. It goes in the place ' +
      'of what is\ngiven for it, which is not read.'
    : '';
  const onDevice =
    isSized && gpu
      ? '\n\nWhere a size is a range, a buffer gets the elements row-major as of the most that it can be, and ' +
        'zeros or others\nbehind those that are there. All else is replaced, as in `Results`.'
      : '';
  const targets =
    'Where `run` may put outputs: earlier results, or buffers on the device, in which they stay.';
  return [
    tensors(
      'Feeds',
      'What `run` reads: the data of each input, alone or with its dims.',
      inputs,
      (input) => feedType(input, gpu),
    ),
    tensors('Results', `What \`run\` gives for each output.${ofRun}`, outputs, resultType),
    ...(gpu ? [tensors('Targets', `${targets}${onDevice}`, outputs, targetType)] : []),
  ];
}

function modelInterface({ StructureKind }: TsMorph, model: ModelDeclaration): StatementStructures {
  return {
    kind: StructureKind.Interface,
    name: 'Model',
    docs: ['A loaded instance of the model.'],
    methods: [
      ...(model.gpu ? gpuRuns() : [plainRun(model)]),
      {
        name: 'dispose',
        returnType: 'void',
        docs: ['Frees what the instance holds. Its `run` may not be called afterwards.'],
      },
    ],
    isExported: true,
  };
}

type Method = OptionalKind<MethodSignatureStructure>;

const feeds = { name: 'feeds', type: 'Feeds' };

function plainRun({ async }: ModelDeclaration): Method {
  return {
    name: 'run',
    parameters: [feeds, { name: 'results', type: 'Results', hasQuestionToken: true }],
    returnType: async ? 'Promise<Results>' : 'Results',
    docs: [
      'Runs the model once. Results of an earlier run, when given, are written again.\n\n' +
        '@throws {TypeError} on a wrong name, dtype, length or shape.',
    ],
  };
}

/** With results given, what `run` gives is of their type: some of them may be buffers. */
function gpuRuns(): readonly Method[] {
  return [
    {
      name: 'run',
      parameters: [feeds],
      returnType: 'Promise<Results>',
      docs: [
        'Runs the model once. Feeds are read when it is called, and runs take turns. A buffer holds ' +
          'words of four bytes:\nfloats as 32-bit floats, integers and booleans as 32-bit integers.\n\n' +
          '@throws {TypeError} on a wrong name, dtype, length or shape.\n' +
          '@throws {RangeError} on an integer that takes more than 32 bits.',
      ],
    },
    {
      name: 'run',
      typeParameters: [{ name: 'Given', constraint: 'Targets' }],
      parameters: [feeds, { name: 'results', type: 'Given' }],
      returnType: 'Promise<Given>',
      docs: [
        'Writes the results given. One that is a buffer may be a feed of the next run at once; ' +
          'where all are buffers,\nthe promise does not wait for the device to be done.',
      ],
    },
    {
      name: 'warmup',
      returnType: 'Promise<void>',
      docs: ['Runs the model once with zeros, so that the next run finds all ready.'],
    },
  ];
}
