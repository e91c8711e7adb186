/**
 * What a model says of itself, as the metadata of its graph. The keys, each present where the model
 * writes the field:
 *
 * - `onnx.ir_version`, `onnx.producer_name`, `onnx.producer_version`, `onnx.domain`,
 *   `onnx.model_version`, `onnx.doc_string`: the fields of `ModelProto`;
 * - `onnx.graph_doc_string`: the doc string of the main graph;
 * - `onnx.opset.DOMAIN`: the imported version of each operator set, `ai.onnx` for ONNX itself;
 * - `onnx.metadata.KEY`: each entry of `metadata_props`.
 */

import type { onnx } from 'onnx-proto';
import { saturatedInt } from './int64.js';
import { isOnnxDomain } from './op-name.js';

export const opsetPrefix = 'onnx.opset.';
export const propertyPrefix = 'onnx.metadata.';

export function metadataOf(model: onnx.IModelProto): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  const add = (key: string, text: string | null | undefined) => {
    if (text) entries.push([key, text]);
  };
  add('onnx.ir_version', model.irVersion ? String(saturatedInt(model.irVersion)) : '');
  add('onnx.producer_name', model.producerName);
  add('onnx.producer_version', model.producerVersion);
  add('onnx.domain', model.domain);
  if (saturatedInt(model.modelVersion) !== 0) {
    add('onnx.model_version', String(saturatedInt(model.modelVersion)));
  }
  add('onnx.doc_string', model.docString);
  add('onnx.graph_doc_string', model.graph?.docString);
  for (const { domain, version } of model.opsetImport ?? []) {
    const name = isOnnxDomain(domain ?? '') ? 'ai.onnx' : (domain ?? '');
    add(`${opsetPrefix}${name}`, String(saturatedInt(version)));
  }
  for (const { key, value } of model.metadataProps ?? []) {
    entries.push([`${propertyPrefix}${key ?? ''}`, value ?? '']);
  }
  return Object.fromEntries(entries);
}
