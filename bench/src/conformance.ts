/**
 * `npm run conformance`: the cases that ONNX publishes, compiled and run on one target, each output
 * compared with what ONNX says it is. `--write` puts the counts, and each case that does not pass with the
 * reason, into docs/conformance.md.
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { formatSummary, targetBlock } from './conformance/conformance-report.js';
import {
  type ConformanceSettings,
  conformanceUsage,
  readConformanceSettings,
} from './conformance/conformance-settings.js';
import { openDevice } from './conformance/open-device.js';
import { publishedCases } from './conformance/published-cases.js';
import { type CaseResult, runCase } from './conformance/run-case.js';
import { runCommand } from './harness/run-command.js';
import { writeBlock } from './reports/write-block.js';

async function main(settings: ConformanceSettings): Promise<boolean> {
  const { target, filter, root, json, writes } = settings;
  const cases = (await publishedCases(root)).filter(({ id }) => id.includes(filter));
  const device = target === 'wgsl' ? await openDevice() : undefined;
  // Published expectations hold five digits; a GPU may round functions and order sums as it likes.
  const tolerance = { rtol: 1e-3, atol: target === 'wgsl' ? 1e-4 : 1e-5 };
  const results: CaseResult[] = [];
  for (const each of cases) {
    const result = await runCase(each, { target, tolerance, ...(device && { device }) });
    results.push(result);
    if (!result.passes) process.stdout.write(`${result.id}: ${result.code}: ${result.reason}\n`);
  }
  process.stdout.write(`${formatSummary(target, results)}\n`);
  if (json !== undefined) await writeFile(json, JSON.stringify({ target, results }, undefined, 1));
  if (writes) {
    const page = fileURLToPath(new URL('../../docs/conformance.md', import.meta.url));
    await writeBlock(page, target, targetBlock(target, results));
  }
  device?.destroy();
  return results.every(({ passes }) => passes);
}

await runCommand({
  usage: conformanceUsage,
  readSettings: () => readConformanceSettings(process.argv.slice(2)),
  main,
});
