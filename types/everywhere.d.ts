// Globals that every engine has, pages, workers and servers alike, and that no ES lib declares.
// The packages compile without DOM and Node types, so that nothing else slips in.

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBuffer | ArrayBufferView): string;
}
