/** How ops are named: those of ONNX itself by their bare name, all others with their domain. */

import type { onnx } from 'onnx-proto';

/** `Conv`, or `com.microsoft::FusedConv`. */
export function opName(node: onnx.INodeProto): string {
  return qualifiedName(node.domain ?? '', node.opType ?? '');
}

export function qualifiedName(domain: string, name: string): string {
  return isOnnxDomain(domain) ? name : `${domain}::${name}`;
}

/** The default domain has two spellings. */
export function isOnnxDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** The domain and the bare name of a qualified name. */
export function splitName(op: string): { readonly domain: string; readonly name: string } {
  const at = op.lastIndexOf('::');
  return at < 0 ? { domain: '', name: op } : { domain: op.slice(0, at), name: op.slice(at + 2) };
}
