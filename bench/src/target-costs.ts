/**
 * `node bench/dist/target-costs.js`: what work takes on the `js` target, beside what its record says.
 * The cost models of passes reckon with the record, so this is what to run before changing it. Each
 * constant has several workloads, as modules that the compiler emits.
 */

import { parseArgs } from 'node:util';

import { jsCapabilities } from '@whittle/codegen-js';

import { costProbes } from './harness/cost-probe.js';
import type { Pace } from './harness/interleave.js';
import { type CostMeasurement, measureCosts } from './harness/measure-costs.js';
import { wholeNumber } from './harness/option-values.js';
import { runCommand } from './harness/run-command.js';
import { formatCosts } from './reports/costs-table.js';
import { describeEnvironment } from './reports/environment.js';
import { writeResult } from './reports/write-result.js';

const usage = `Usage: node bench/dist/target-costs.js [options]
  --only TEXT           only workloads of which the first two columns hold this
  --rounds N            timed runs of each module (default: 21)
  --warmup N            untimed runs before (default: 10)
  --markdown            print the table as Markdown
  --json FILE           where the numbers go (default: a new file in bench/results)
`;

interface Settings extends Pace {
  readonly only: string;
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
}

async function main(settings: Settings): Promise<boolean> {
  const environment = describeEnvironment();
  const measured: CostMeasurement[] = [];
  for (const probe of costProbes) {
    const description = `${probe.constant} ${probe.workload}`;
    if (!description.includes(settings.only)) continue;
    process.stderr.write(`${description}\n`);
    measured.push(await measureCosts(probe, settings));
  }
  const { costs } = jsCapabilities;
  const { cpu, node, load } = environment;
  process.stdout.write(`${cpu}, Node ${node}, load ${load}\n\n`);
  process.stdout.write(`${formatCosts(measured, costs, settings.style)}\n`);
  const { rounds, warmup } = settings;
  const document = { settings: { rounds, warmup }, record: costs, workloads: measured };
  const path = await writeResult('target-costs', environment, document, settings.json);
  process.stderr.write(`Written to ${path}\n`);
  return measured.length > 0;
}

/** Undefined where help is asked for. */
function readSettings(): Settings | undefined {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '21' },
      warmup: { type: 'string', default: '10' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    only: values.only,
    rounds: wholeNumber('rounds', values.rounds),
    warmup: wholeNumber('warmup', values.warmup),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
  };
}

await runCommand({ usage, readSettings, main });
