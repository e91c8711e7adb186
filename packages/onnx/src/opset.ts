/** The versions of the ONNX operator set. */

import type { onnx } from 'onnx-proto';
import { saturatedInt } from './int64.js';
import { isOnnxDomain } from './op-name.js';

/** The newest opset whose changes the upgrade table and the op table know. */
export const newestOpset = 23;

/** The version of the ONNX operator set among the imports, or undefined where it is not there. */
export function opsetOf(imports: readonly onnx.IOperatorSetIdProto[]): number | undefined {
  const found = imports.find(({ domain }) => isOnnxDomain(domain ?? ''));
  return found && saturatedInt(found.version);
}
