/**
 * Type aliases of a `.d.ts` for what the platform may or may not declare: the type itself where the
 * consumer's libraries have it, a plain shape where they have not. So the file needs no `DOM` library,
 * no `@types/node` and no `@webgpu/types`.
 */

import type { StatementStructures } from 'ts-morph';
import type { TsMorph } from './load-ts-morph.js';
import type { DeclaredTensor } from './tensor-types.js';

export interface EnvironmentNeeds {
  readonly inputs: readonly DeclaredTensor[];
  readonly wasm: boolean;
  readonly gpu: boolean;
}

export function environmentTypes(
  { StructureKind }: TsMorph,
  { inputs, wasm, gpu }: EnvironmentNeeds,
): StatementStructures[] {
  const alias = (name: string, type: string): StatementStructures => ({
    kind: StructureKind.TypeAlias,
    name,
    type,
  });
  const float16 = inputs.some(({ dtype }) => dtype === 'float16');
  return [
    alias('WebUrl', globalInstance('URL', '{ readonly href: string }')),
    ...(wasm ? [alias('WasmModule', globalInstance(['WebAssembly', 'Module'], 'never'))] : []),
    ...(gpu
      ? [
          alias('Device', globalInstance('GPUDevice', 'object')),
          alias('DeviceBuffer', globalInstance('GPUBuffer', '{ readonly size: number }')),
        ]
      : []),
    ...(float16 ? [alias('Float16Bits', globalInstance('Float16Array', 'never'))] : []),
  ];
}

/** The type of the instances of a global class, or another type where there is no such global. */
function globalInstance(path: string | readonly string[], otherwise: string): string {
  const names = typeof path === 'string' ? [path] : path;
  const shape = names.reduceRight(
    (inner, name) => `{ ${name}: ${inner} }`,
    '{ prototype: infer Instance }',
  );
  return `typeof globalThis extends ${shape} ? Instance : ${otherwise}`;
}
