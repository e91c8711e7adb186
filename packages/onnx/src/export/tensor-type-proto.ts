/** Tensors and types as protocol buffer messages. */

import { type Dim, formatDim, isBound, type Tensor, type TensorType } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { dataTypeOf } from '../data-type.js';
import { utf8Of } from '../proto.js';

/** The bytes go in as they are: the writer copies them once, into the file. */
export function tensorProto(tensor: Tensor, name?: string): onnx.ITensorProto {
  return {
    dims: [...tensor.dims],
    dataType: dataTypeOf(tensor.dtype),
    ...(name === undefined ? {} : { name }),
    ...(tensor.strings === undefined
      ? { rawData: tensor.bytes }
      : { stringData: tensor.strings.map(utf8Of) }),
  };
}

/** A value whose type is not known is declared by name alone. */
export function valueInfo(name: string, type: TensorType | undefined): onnx.IValueInfoProto {
  if (type === undefined) return { name };
  const dim = type.dims.map((size) =>
    isBound(size) ? { dimValue: size } : { dimParam: dimText(size) },
  );
  return { name, type: { tensorType: { elemType: dataTypeOf(type.dtype), shape: { dim } } } };
}

/** A dim that is just a name is written as that name, whatever is in it. */
function dimText(dim: Dim): string {
  if (!isBound(dim)) {
    const [term, ...more] = dim.terms;
    const [atom, ...others] = term?.atoms ?? [];
    const isName = more.length === 0 && others.length === 0 && term?.coefficient === 1;
    if (isName && atom?.kind === 'name') return atom.name;
  }
  return formatDim(dim);
}
