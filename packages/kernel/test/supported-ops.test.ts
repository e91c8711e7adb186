/** Keeps docs/supported-ops.md true: it is written from the op table and the lowering rules. */

import { knownOps, type OpRecord } from '@whittle/ir';
import { expect, it } from 'vitest';
import { hasRule } from '../src/lower/table.js';

it('docs/supported-ops.md lists every op', async () => {
  const ofOnnx = knownOps().filter(({ since }) => since !== undefined);
  const own = knownOps().filter(({ since }) => since === undefined);
  await expect(`${preamble}
## ONNX

${table(ofOnnx)}
## Whittle's own

Passes write these in place of several nodes; no model holds them.

${table(own)}`).toMatchFileSnapshot('../../../docs/supported-ops.md');
});

const preamble = `# Supported ops

Written from the op table and the lowering rules by \`packages/kernel/test/supported-ops.test.ts\`; \`npm run goldens\`
writes it anew.

*Opset* is the one that gave the op the meaning it has here. A model may be written in any opset: the importer rewrites
older forms. *Runs* says whether a target can run the op; one lowering rule serves all targets, so what runs on one runs
on each. Ops that do not run are read, typed, optimised and written again all the same. A \`Constant\` becomes part of
the graph when the model is read, and an \`If\` whose condition is known becomes its branch.

Forms of an op that cannot be compiled, such as data-dependent shapes or an antialiased \`Resize\`, are refused with
\`E_UNSUPPORTED_FEATURE\` or \`E_UNBOUND_DIM\` and the name of the node.
`;

function table(ops: readonly OpRecord[]): string {
  const rows = [...ops]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, since, summary }) => {
      const cells = [`\`${name}\``, since ?? '', runs(name), summary.replaceAll('|', '\\|')];
      return `| ${cells.join(' | ')} |\n`;
    });
  return `| op | opset | runs | computes |\n|---|---|---|---|\n${rows.join('')}`;
}

function runs(op: string): string {
  if (op === 'Constant') return 'when read';
  return hasRule(op) ? 'yes' : 'no';
}
