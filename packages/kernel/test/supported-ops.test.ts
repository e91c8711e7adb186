/** Keeps docs/supported-ops.md true: it is written from the op table, the lowering rules and the cases. */

import { dtypes, knownOps, type OpRecord } from '@whittle/ir';
import { compositeOps, sequenceOps } from '@whittle/passes';
import { expect, it } from 'vitest';
import { hasRule } from '../src/lower/table.js';
import { opCases } from './op-cases/all.js';

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

Written from the op table, the lowering rules and the cases by \`packages/kernel/test/supported-ops.test.ts\`; \`npm run goldens\`
writes it anew.

*Opset* is the one that gave the op the meaning it has here. A model may be written in any opset: the importer rewrites
older forms. *Runs* says whether a target can run the op; one lowering rule serves all targets, so what runs on one runs
on each. Ops that do not run are read, typed, optimised and written again all the same. A \`Constant\` becomes part of
the graph when the model is read, and an \`If\` whose condition is known becomes its branch. Of sequences and optionals
nothing is left *when* it is *known* while compiling what is in them.

*Types* are the element types of inputs that the op is tested with, and *cases* where those tests are, how many in each
table of [\`packages/kernel/test/op-cases\`](../packages/kernel/test/op-cases): each is compared with onnxruntime on \`js\`,
\`wasm\` and \`wgsl\`. What opsets 18 to 23 changed is tested besides in \`packages/onnx/test/opset-cases\`, in the form that each
opset writes; [conformance.md](conformance.md) has the cases that ONNX publishes.

Forms of an op that cannot be compiled, such as a \`Concat\` along an axis whose size only a run can tell, are refused with
\`E_UNSUPPORTED_FEATURE\` or \`E_UNBOUND_DIM\` and the name of the node. Elements of 4 bits, float8 and strings are refused
everywhere.

What the language of a target lacks holds for every op there. WGSL has words of 32 bits:

| on \`wgsl\` | what happens |
|---|---|
| \`float64\` | refused with \`E_UNSUPPORTED_FEATURE\` when the model is compiled; between narrower types, as in \`Pow\` of an integer by a float, it is float32 |
| \`int64\`, \`uint64\` | computed in 32 bits, where they wrap; a feed beyond 32 bits is a \`RangeError\`; a shift by 32 or more counts modulo 32 |
| \`int8\`, \`int16\`, \`uint8\`, \`uint16\`, \`bool\`, \`float16\`, \`bfloat16\` | one word an element in memory, wrapped or rounded as they are stored; packed in the weights file |

All of it is tested: \`packages/codegen-wgsl/test/op-cases.test.ts\` runs the cases that the other targets run.
`;

function table(ops: readonly OpRecord[]): string {
  const rows = [...ops]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, since, summary }) => {
      const { types, cases } = proofOf(name);
      const text = summary.replaceAll('|', '\\|');
      const cells = [`\`${name}\``, since ?? '', runs(name), types, cases, text];
      return `| ${cells.join(' | ')} |\n`;
    });
  return `| op | opset | runs | types | cases | computes |\n|---|---|---|---|---|---|\n${rows.join('')}`;
}

/** What the cases of an op are fed, and how many of them each table has. */
function proofOf(op: string): { readonly types: string; readonly cases: string } {
  const tables = Object.entries(opCases).map(
    ([family, cases]) => [family, cases.filter((one) => one.op === op)] as const,
  );
  const inputs = tables.flatMap(([, cases]) => cases.flatMap((one) => one.inputs));
  const fed = new Set(inputs.flatMap((input) => (input ? [input.tensor.dtype] : [])));
  const types = Object.entries(dtypes).flatMap(([name, { short }]) =>
    [...fed].some((dtype) => dtype === name) ? [short] : [],
  );
  const counts = tables.flatMap(([family, { length }]) =>
    length === 0 ? [] : [`${length} ${family}`],
  );
  return { types: types.join(' '), cases: counts.join(', ') };
}

function runs(op: string): string {
  if (op === 'Constant') return 'when read';
  if (sequenceOps.has(op)) return 'when known';
  return hasRule(op) || compositeOps.has(op) ? 'yes' : 'no';
}
