/**
 * `npm run bench:webgpu`: the WebGPU modules that Whittle emits beside other engines on WebGPU, in one
 * page of a real Chromium, on the same models, weights and images, taking turns. Tables and the JSON
 * hold medians and spreads, the ratios to Whittle, how far the scores lie from those of ONNX Runtime on
 * the CPU, how loading goes, and what each engine asks of the GPU in one run.
 */

import { fileURLToPath } from 'node:url';

import { runCommand } from './harness/run-command.js';
import { describeEnvironment } from './reports/environment.js';
import { writeBlock } from './reports/write-block.js';
import { writeResult } from './reports/write-result.js';
import { benchSite } from './webgpu/bench-site.js';
import { measureWebgpuModel, openAdapter } from './webgpu/measure-webgpu-model.js';
import type { Stage } from './webgpu/run-page.js';
import { serve } from './webgpu/serve.js';
import { problemsOf, type WebgpuModelResult, type WebgpuResult } from './webgpu/webgpu-result.js';
import { readWebgpuSettings, type WebgpuSettings, webgpuUsage } from './webgpu/webgpu-settings.js';
import { describeAdapterNames, formatModel, webgpuBlock } from './webgpu/webgpu-tables.js';

async function main(settings: WebgpuSettings): Promise<boolean> {
  const result = await onStage(settings, (stage) => runAll(stage, settings));
  const { environment, ...document } = result;
  const path = await writeResult('webgpu', environment, document, settings.json);
  process.stderr.write(`Written to ${path}\n`);
  if (settings.writes) {
    const page = new URL('../../docs/performance.md', import.meta.url);
    await writeBlock(fileURLToPath(page), 'webgpu', webgpuBlock(result));
  }
  const problems = result.models.flatMap(problemsOf);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0;
}

/** With a server, which ends with the work. */
async function onStage<Result>(
  { adapter }: WebgpuSettings,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const site = benchSite();
  const server = await serve(site);
  try {
    return await work({ site, server, adapter });
  } finally {
    await server.close();
  }
}

async function runAll(stage: Stage, settings: WebgpuSettings): Promise<WebgpuResult> {
  const environment = describeEnvironment();
  const { browser, adapter } = await openAdapter(stage);
  process.stdout.write(`${environment.cpu}, Chromium ${browser}, load ${environment.load}\n`);
  process.stdout.write(`Adapter: ${describeAdapterNames(adapter)}\n`);
  const models: WebgpuModelResult[] = [];
  for (const model of settings.models) {
    const result = await measureWebgpuModel(stage, model, settings);
    process.stderr.write('\n');
    for (const { id, reason } of result.unavailable) {
      process.stderr.write(`Without ${id}: ${reason}\n`);
    }
    process.stdout.write(`\n${result.title}\n\n${formatModel(result, settings.style)}\n`);
    models.push(result);
  }
  const { rounds, warmup, optimize } = settings;
  return { environment, browser, adapter, settings: { rounds, warmup, optimize }, models };
}

await runCommand({
  usage: webgpuUsage,
  readSettings: () => readWebgpuSettings(process.argv.slice(2)),
  main,
});
