import { expect, test } from 'vitest';
import { CompilerError, type Pass, parseGraph, printGraph, runPasses } from '../src/index.js';

const graph = parseGraph(`graph "g" {
  input %x: f32[2]
  %y = Relu(%x)
  output "y" = %y
}`);

const rename: Pass = {
  id: 'rename',
  summary: 'Gives the graph another name.',
  run: (g) => ({ ...g, name: 'renamed' }),
};
const nothing: Pass = { id: 'nothing', summary: 'Leaves all as it is.', run: (g) => g };
const dropNodes: Pass = { id: 'drop-nodes', summary: '', run: (g) => ({ ...g, nodes: [] }) };

test('dumps and times each pass', () => {
  const dumps: [string, string][] = [];
  let clock = 0;
  const run = runPasses(graph, [nothing, rename], {
    dump: (file, text) => dumps.push([file, text]),
    now: () => clock++,
  });
  expect(run.graph.name).toBe('renamed');
  expect(run.timings).toEqual([
    { pass: 'nothing', milliseconds: 1, changed: false },
    { pass: 'rename', milliseconds: 1, changed: true },
  ]);
  expect(dumps).toEqual([
    ['001-nothing.ir', 'unchanged\n'],
    ['002-rename.ir', printGraph({ ...graph, name: 'renamed' })],
  ]);
});

test('names the pass that broke the graph', () => {
  expect(() => runPasses(graph, [rename, dropNodes, nothing], { verify: true })).toThrow(
    /drop-nodes/,
  );
});

test('stops after the pass that is named', () => {
  expect(runPasses(graph, [nothing, rename], { stopAfter: 'nothing' }).graph).toBe(graph);
  expect(() => runPasses(graph, [nothing], { stopAfter: 'none' })).toThrow(CompilerError);
});
