/** The interface `LoadOptions` of a `.d.ts`: what the targets of the model let `load` be given. */

import type {
  InterfaceDeclarationStructure,
  OptionalKind,
  PropertySignatureStructure,
} from 'ts-morph';
import type { TsMorph } from './load-ts-morph.js';

export interface LoadFeatures {
  readonly wasm: boolean;
  readonly threads: boolean;
  readonly gpu: boolean;
}

type Property = OptionalKind<PropertySignatureStructure>;

const source = 'WebUrl | string | ArrayBuffer | Uint8Array';

export function loadOptions(
  { StructureKind }: TsMorph,
  { wasm, threads, gpu }: LoadFeatures,
): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name: 'LoadOptions',
    docs: ['What `load` may be given.'],
    properties: [
      option(
        'weights',
        source,
        'The weights, or where they are. By default the file beside this one.',
      ),
      ...(wasm
        ? [
            option(
              'wasm',
              `${source} | WasmModule`,
              'The WebAssembly module, its bytes, or where they are. By default the file beside this one.',
            ),
          ]
        : []),
      ...(threads ? [option('threads', 'number', 'How many threads take part in a run.')] : []),
      ...(gpu
        ? [option('device', 'Device', 'The device to run on. By default one is asked for.')]
        : []),
      option('dims', 'Readonly<Record<string, number>>', 'Sizes for the symbolic dims.'),
    ],
    isExported: true,
  };
}

function option(name: string, type: string, doc: string): Property {
  return { name, type, docs: [doc], hasQuestionToken: true, isReadonly: true };
}
