/**
 * A graph to ONNX bytes. What only Whittle says, fused epilogues and ops of its own, is written as
 * the standard ops it stands for, so that any engine runs the file.
 */

import { CompilerError, type Graph, UniqueNames, type Value } from '@whittle/ir';
import type { onnx as types } from 'onnx-proto';
import { lowestOpset } from './export/choose-form.js';
import { expandFused } from './export/expand-fused.js';
import { type ExportSession, graphProto } from './export/graph-proto.js';
import { joinNodes } from './export/joined-forms.js';
import { tensorProto } from './export/tensor-type-proto.js';
import { ValueNames } from './export/value-names.js';
import { opsetPrefix, propertyPrefix } from './metadata.js';
import type { ModelSummary } from './model-summary.js';
import { newestOpset } from './opset.js';
import { encodeModel } from './proto.js';
import { summarizeProto } from './summarize-proto.js';

export interface ExportOptions {
  /**
   * The ONNX opset to write, 7 to 23. Default: the one the model came in (18 for a graph that was
   * built), or the first above it that can say what the graph says.
   */
  readonly opset?: number;
  /** Hears what the model consists of. */
  readonly onSummary?: (summary: ModelSummary) => void;
}

const oldestOpset = 7;
const usualOpset = 18;

/** Protocol buffers end at 2 GiB. */
const maximalBytes = 2 ** 31 - 1;

/**
 * Writes a graph as an ONNX model. The same graph gives the same bytes.
 *
 * A factor and a summand by channel are written as the one `BatchNormalization` that they are, and
 * what the opset has no op for as the nodes it stands for. Inputs and outputs keep their names and
 * types; an output that is an input, a constant or listed twice gets an `Identity`. Metadata comes
 * from the graph's metadata, under the keys of `metadataOf`; the producer is `whittle` where the
 * graph names none.
 *
 * @throws {CompilerError} `E_INVALID_OPTION` where `opset` cannot say what the graph says,
 *   `E_LIMIT_SIZE` where the model would have 2 GiB or more, `E_INVALID_GRAPH` where an input and an
 *   output share a name.
 */
export function exportOnnx(graph: Graph, options: ExportOptions = {}): Uint8Array {
  const source = sourceOpset(graph.metadata);
  const opset = opsetFor(graph, source, options.opset);
  const joined = joinNodes(graph, opset);
  const session: ExportSession = {
    opset,
    source,
    names: new ValueNames(joined),
    nodeNames: new UniqueNames(),
    constants: new Set(),
    domains: new Set(['']),
  };
  const proto = graphProto(joined, session);
  checkSize(session.constants);
  proto.initializer = [...session.constants].flatMap((value) =>
    value.constant ? tensorProto(value.constant, session.names.of(value)) : [],
  );
  const model = modelProto(proto, graph.metadata, session);
  options.onSummary?.(summarizeProto(model));
  return encodeModel(model);
}

function modelProto(
  graph: types.IGraphProto,
  metadata: Graph['metadata'],
  session: ExportSession,
): types.IModelProto {
  const field = (key: string) => (Object.hasOwn(metadata, key) ? metadata[key] : undefined);
  const text = (name: string, key: string) => {
    const value = field(key);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    irVersion: irVersionOf(session.opset),
    producerName: field('onnx.producer_name') ?? 'whittle',
    ...text('producerVersion', 'onnx.producer_version'),
    ...text('domain', 'onnx.domain'),
    ...text('docString', 'onnx.doc_string'),
    modelVersion: Number(field('onnx.model_version') ?? 0),
    graph: { ...graph, ...text('docString', 'onnx.graph_doc_string') },
    opsetImport: [...session.domains].sort().map((domain) => ({
      domain,
      version: domain === '' ? session.opset : Number(field(`${opsetPrefix}${domain}`) ?? 1),
    })),
    metadataProps: Object.entries(metadata).flatMap(([key, value]) =>
      key.startsWith(propertyPrefix) ? { key: key.slice(propertyPrefix.length), value } : [],
    ),
  };
}

function opsetFor(graph: Graph, source: number, wanted: number | undefined): number {
  if (wanted === undefined) {
    const start = Math.min(newestOpset, Math.max(oldestOpset, source));
    return neededOpset(graph, source, start);
  }
  if (Number.isInteger(wanted) && wanted >= oldestOpset && wanted <= newestOpset) return wanted;
  throw new CompilerError(
    'E_INVALID_OPTION',
    `opset is ${String(wanted)}; Whittle writes ${oldestOpset} to ${newestOpset}.`,
  );
}

/** The first opset from `start` on that can say what every node says. */
function neededOpset(graph: Graph, source: number, start: number): number {
  let opset = start;
  for (const node of graph.nodes) {
    for (const standard of expandFused(node)) {
      const lowest = lowestOpset(standard, source);
      opset = Math.max(opset, Number.isFinite(lowest) ? lowest : newestOpset);
    }
    for (const region of Object.values(node.regions)) opset = neededOpset(region, source, opset);
  }
  return Math.min(opset, newestOpset);
}

function sourceOpset(metadata: Graph['metadata']): number {
  const opset = Number(metadata[`${opsetPrefix}ai.onnx`]);
  return Number.isInteger(opset) && opset > 0 ? Math.min(opset, newestOpset) : usualOpset;
}

/**
 * The IR version that ONNX released with each opset, but 4 at least: before it, initializers had to
 * be listed as inputs.
 */
function irVersionOf(opset: number): number {
  if (opset <= 9) return 4;
  if (opset === 10) return 5;
  if (opset === 11) return 6;
  if (opset <= 14) return 7;
  if (opset <= 18) return 8;
  if (opset <= 20) return 9;
  if (opset <= 22) return 10;
  return 11;
}

function checkSize(constants: ReadonlySet<Value>): void {
  let bytes = 0;
  for (const { constant } of constants) bytes += constant?.bytes.byteLength ?? 0;
  if (bytes > maximalBytes) {
    throw new CompilerError(
      'E_LIMIT_SIZE',
      `The weights have ${bytes} bytes; an ONNX file holds at most ${maximalBytes}.`,
    );
  }
}
