/**
 * `node bench/dist/target-costs.js`: what work takes on the `js` target, beside what its record says.
 * The cost models of passes reckon with the record, so this is what to run before changing it. Each
 * constant has several workloads, as modules that the compiler emits.
 */

import { jsCapabilities } from '@whittle/codegen-js';

import { costProbes } from './harness/cost-probe.js';
import { type CostMeasurement, measureCosts } from './harness/measure-costs.js';
import { runCommand } from './harness/run-command.js';
import { readSelection, type SelectionSettings } from './harness/selection-settings.js';
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

async function main(settings: SelectionSettings): Promise<boolean> {
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

await runCommand({ usage, readSettings: () => readSelection({ rounds: 21, warmup: 10 }), main });
