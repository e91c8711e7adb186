/**
 * The nodes of an ONNX file as it is written: those of the graph, of the graphs inside its nodes,
 * and of functions, constants included. It reads the bytes on its own, so that a count says nothing
 * of how anybody imports them.
 *
 * Source of the field numbers: `onnx.proto`, which never changes one.
 */

const fields = {
  graphOfModel: 7,
  functionsOfModel: 25,
  nodesOfGraph: 1,
  nodesOfFunction: 7,
  attributesOfNode: 5,
  graphOfAttribute: 6,
  graphsOfAttribute: 11,
};

/** @throws {RangeError} where the bytes are no protobuf message. */
export function countNodes(model: Uint8Array): number {
  const graphs = messagesIn(model, fields.graphOfModel);
  const functions = messagesIn(model, fields.functionsOfModel);
  return (
    sumOf(graphs, (body) => nodesIn(body, fields.nodesOfGraph)) +
    sumOf(functions, (body) => nodesIn(body, fields.nodesOfFunction))
  );
}

function nodesIn(body: Uint8Array, field: number): number {
  return sumOf(messagesIn(body, field), (node) => 1 + nodesInside(node));
}

/** Of the graphs that a node holds, such as the branches of an If. */
function nodesInside(node: Uint8Array): number {
  return sumOf(messagesIn(node, fields.attributesOfNode), (attribute) => {
    const graphs = [fields.graphOfAttribute, fields.graphsOfAttribute].flatMap((field) =>
      messagesIn(attribute, field),
    );
    return sumOf(graphs, (body) => nodesIn(body, fields.nodesOfGraph));
  });
}

function sumOf(messages: readonly Uint8Array[], count: (bytes: Uint8Array) => number): number {
  return messages.reduce((sum, bytes) => sum + count(bytes), 0);
}

/** Bytes that follow a key, by its wire type; a length comes before the bytes of type 2. */
const fixedBytes: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** Every length-delimited value of a field, without copies. */
function messagesIn(bytes: Uint8Array, field: number): Uint8Array[] {
  const messages: Uint8Array[] = [];
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new RangeError('A number of the file has no end.');
  };
  while (at < bytes.length) {
    const key = readVarint();
    const wireType = key % 8;
    if (wireType === 0) {
      readVarint();
      continue;
    }
    const length = wireType === 2 ? readVarint() : fixedBytes[wireType];
    if (length === undefined || at + length > bytes.length) {
      throw new RangeError('The file is no protobuf message.');
    }
    if (wireType === 2 && Math.floor(key / 8) === field) {
      messages.push(bytes.subarray(at, at + length));
    }
    at += length;
  }
  return messages;
}
