/**
 * The messages of an ONNX file by field number, as far as `onnx-proto` decodes them: what the wire
 * scan must know to walk a file without mistaking weights for structure.
 *
 * Source: `onnx.proto` of the ONNX specification (IR version 8), and the wire format chapter of the
 * Protocol Buffers documentation.
 */

export type MessageName =
  | 'ModelProto'
  | 'GraphProto'
  | 'NodeProto'
  | 'AttributeProto'
  | 'TensorProto'
  | 'TensorProto.Segment'
  | 'SparseTensorProto'
  | 'TensorAnnotation'
  | 'ValueInfoProto'
  | 'TypeProto'
  | 'TypeProto.Tensor'
  | 'TypeProto.Sequence'
  | 'TypeProto.Map'
  | 'TypeProto.Optional'
  | 'TensorShapeProto'
  | 'TensorShapeProto.Dimension'
  | 'OperatorSetIdProto'
  | 'StringStringEntryProto'
  | 'TrainingInfoProto'
  | 'FunctionProto';

/**
 * What a field holds: a nested message, or one of the scalar kinds. `bytes` are strings too; the
 * plural kinds are repeated and may come packed.
 */
export type FieldKind =
  | MessageName
  | 'varint'
  | 'float'
  | 'bytes'
  | 'varints'
  | 'floats'
  | 'doubles';

export interface MessageSchema {
  readonly fields: Readonly<Record<number, FieldKind>>;
  /** A field without which the message means nothing. */
  readonly required?: { readonly field: number; readonly name: string };
}

export const wireSchema: Readonly<Record<MessageName, MessageSchema>> = {
  ModelProto: {
    fields: {
      1: 'varint', // ir_version
      2: 'bytes', // producer_name
      3: 'bytes', // producer_version
      4: 'bytes', // domain
      5: 'varint', // model_version
      6: 'bytes', // doc_string
      7: 'GraphProto', // graph
      8: 'OperatorSetIdProto', // opset_import
      14: 'StringStringEntryProto', // metadata_props
      20: 'TrainingInfoProto', // training_info
      25: 'FunctionProto', // functions
    },
  },
  GraphProto: {
    fields: {
      1: 'NodeProto', // node
      2: 'bytes', // name
      5: 'TensorProto', // initializer
      10: 'bytes', // doc_string
      11: 'ValueInfoProto', // input
      12: 'ValueInfoProto', // output
      13: 'ValueInfoProto', // value_info
      14: 'TensorAnnotation', // quantization_annotation
      15: 'SparseTensorProto', // sparse_initializer
    },
  },
  NodeProto: {
    fields: {
      1: 'bytes', // input
      2: 'bytes', // output
      3: 'bytes', // name
      4: 'bytes', // op_type
      5: 'AttributeProto', // attribute
      6: 'bytes', // doc_string
      7: 'bytes', // domain
    },
    required: { field: 4, name: 'op_type' },
  },
  AttributeProto: {
    fields: {
      1: 'bytes', // name
      2: 'float', // f
      3: 'varint', // i
      4: 'bytes', // s
      5: 'TensorProto', // t
      6: 'GraphProto', // g
      7: 'floats', // floats
      8: 'varints', // ints
      9: 'bytes', // strings
      10: 'TensorProto', // tensors
      11: 'GraphProto', // graphs
      13: 'bytes', // doc_string
      14: 'TypeProto', // tp
      15: 'TypeProto', // type_protos
      20: 'varint', // type
      21: 'bytes', // ref_attr_name
      22: 'SparseTensorProto', // sparse_tensor
      23: 'SparseTensorProto', // sparse_tensors
    },
    required: { field: 1, name: 'name' },
  },
  TensorProto: {
    fields: {
      1: 'varints', // dims
      2: 'varint', // data_type
      3: 'TensorProto.Segment', // segment
      4: 'floats', // float_data
      5: 'varints', // int32_data
      6: 'bytes', // string_data
      7: 'varints', // int64_data
      8: 'bytes', // name
      9: 'bytes', // raw_data
      10: 'doubles', // double_data
      11: 'varints', // uint64_data
      12: 'bytes', // doc_string
      13: 'StringStringEntryProto', // external_data
      14: 'varint', // data_location
    },
  },
  'TensorProto.Segment': { fields: { 1: 'varint', 2: 'varint' } },
  SparseTensorProto: { fields: { 1: 'TensorProto', 2: 'TensorProto', 3: 'varints' } },
  TensorAnnotation: { fields: { 1: 'bytes', 2: 'StringStringEntryProto' } },
  ValueInfoProto: { fields: { 1: 'bytes', 2: 'TypeProto', 3: 'bytes' } },
  TypeProto: {
    fields: {
      1: 'TypeProto.Tensor', // tensor_type
      4: 'TypeProto.Sequence', // sequence_type
      5: 'TypeProto.Map', // map_type
      6: 'bytes', // denotation
      8: 'TypeProto.Tensor', // sparse_tensor_type, of the same two fields
      9: 'TypeProto.Optional', // optional_type
    },
  },
  'TypeProto.Tensor': { fields: { 1: 'varint', 2: 'TensorShapeProto' } },
  'TypeProto.Sequence': { fields: { 1: 'TypeProto' } },
  'TypeProto.Map': { fields: { 1: 'varint', 2: 'TypeProto' } },
  'TypeProto.Optional': { fields: { 1: 'TypeProto' } },
  TensorShapeProto: { fields: { 1: 'TensorShapeProto.Dimension' } },
  'TensorShapeProto.Dimension': { fields: { 1: 'varint', 2: 'bytes', 3: 'bytes' } },
  OperatorSetIdProto: { fields: { 1: 'bytes', 2: 'varint' } },
  StringStringEntryProto: { fields: { 1: 'bytes', 2: 'bytes' } },
  TrainingInfoProto: {
    fields: {
      1: 'GraphProto', // initialization
      2: 'GraphProto', // algorithm
      3: 'StringStringEntryProto', // initialization_binding
      4: 'StringStringEntryProto', // update_binding
    },
  },
  FunctionProto: {
    fields: {
      1: 'bytes', // name
      4: 'bytes', // input
      5: 'bytes', // output
      6: 'bytes', // attribute
      7: 'NodeProto', // node
      8: 'bytes', // doc_string
      9: 'OperatorSetIdProto', // opset_import
      10: 'bytes', // domain
    },
  },
};

export function isMessageName(kind: FieldKind): kind is MessageName {
  return Object.hasOwn(wireSchema, kind);
}
