/** If, Loop and Scan took more types in opsets 19, 21 and 23; their forms stay as they were. */

import type { onnx as types } from 'onnx-proto';
import { bool, f32, fixed, i64 } from '../../../kernel/test/op-cases/op-case.js';
import { g, graphOf, i, input, node, output } from '../onnx-models.js';
import { foreign, type OpsetCase, opsetCase } from './opset-case.js';

/** Branches that read a value around them. */
const branch = (op: string) =>
  g(graphOf({ outputs: [output('b', 2)], nodes: [node(op, ['x1'], ['b'])] }));
const branches = { then_branch: branch('Neg'), else_branch: branch('Abs') };

const { code, dims, bytes } = foreign('float8e4m3fn', [1]);
const alien: types.IAttributeProto = {
  type: 4,
  t: { dataType: code, dims: [...dims], rawData: Uint8Array.from(bytes) },
};
const alienBranch = g(
  graphOf({
    outputs: [output('b', 1)],
    nodes: [
      node('Constant', [], ['c'], { value: alien }),
      node('Cast', ['c'], ['b'], { to: i(1) }),
    ],
  }),
);

/** `v + v` as long as it is told to; each `v` is an output as well. */
const loopBody = g(
  graphOf({
    inputs: [input('step', [], 'int64'), input('go', [], 'bool'), input('v', [3])],
    outputs: [output('goes', 0, 'bool'), output('w', 1), output('each', 1)],
    nodes: [
      node('Identity', ['go'], ['goes']),
      node('Add', ['v', 'v'], ['w']),
      node('Identity', ['v'], ['each']),
    ],
  }),
);

/** Running sums of rows. */
const scanBody = g(
  graphOf({
    inputs: [input('sum', [3]), input('row', [3])],
    outputs: [output('next', 1), output('sums', 1)],
    nodes: [node('Add', ['sum', 'row'], ['next']), node('Identity', ['next'], ['sums'])],
  }),
);

const trips = (count: number) => fixed(i64([], [count]));
const yes = fixed(bool([], [1]));

// biome-ignore format: a table
export const controlFlowCases: readonly OpsetCase[] = [19, 21, 23].flatMap((opset) => [
  opsetCase(opset, 'If', [yes, f32([2, 3])], {}, { note: 'that holds', nodes: [node('If', ['x0'], ['y'], branches)] }),
  opsetCase(opset, 'If', [fixed(bool([], [0])), f32([2, 3])], {}, { note: 'that does not', nodes: [node('If', ['x0'], ['y'], branches)] }),
  opsetCase(opset, 'If', [bool([], [1]), f32([2, 3])], {}, { nodes: [node('If', ['x0'], ['y'], branches)] }),
  opsetCase(opset, 'If', [yes, f32([2, 3])], {}, { refused: 'E_UNSUPPORTED_FEATURE', nodes: [node('If', ['x0'], ['y'], { then_branch: alienBranch, else_branch: branch('Neg') })] }),
  opsetCase(opset, 'Loop', [trips(3), yes, f32([3])], { body: loopBody }, { outputs: ['y', 'all'] }),
  opsetCase(opset, 'Loop', [trips(0), yes, f32([3])], { body: loopBody }, { note: 'no trip', outputs: ['y', 'all'] }),
  opsetCase(opset, 'Loop', [trips(2), undefined, f32([3])], { body: loopBody }, { outputs: ['y', 'all'] }),
  opsetCase(opset, 'Scan', [f32([3]), f32([4, 3])], { num_scan_inputs: i(1), body: scanBody }, { outputs: ['y', 'all'] }),
  opsetCase(opset, 'Scan', [f32([3]), f32([4, 3])], { num_scan_inputs: i(1), body: scanBody, scan_input_directions: { type: 7, ints: [1] } }, { outputs: ['y', 'all'] }),
  opsetCase(opset, 'Scan', [f32([3]), f32([3, 2])], { num_scan_inputs: i(1), body: scanBody, scan_input_axes: { type: 7, ints: [1] }, scan_output_axes: { type: 7, ints: [1] } }, { outputs: ['y', 'all'] }),
]);
