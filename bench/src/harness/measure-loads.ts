/**
 * The time from nothing to the first scores, each in a process of its own, which has nothing compiled
 * or cached, and the engines in turns. The start of Node itself is not in it.
 */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { FirstRun, FirstRunJob } from './first-run.js';
import type { Workload } from './workload.js';

const execute = promisify(execFile);
const script = fileURLToPath(new URL('report-first-run.js', import.meta.url));

/** The milliseconds of each repeat, for each engine in order; none for one without a way. */
export async function measureLoads(
  { bytes, inputName, dims, input }: Workload,
  ways: readonly (FirstRun | undefined)[],
  repeats: number,
): Promise<number[][]> {
  const samples = ways.map((): number[] => []);
  const folder = await mkdtemp(join(tmpdir(), 'whittle-load-'));
  try {
    const [model, inputFile] = [join(folder, 'model.onnx'), join(folder, 'input.f32')];
    await writeFile(model, bytes);
    await writeFile(inputFile, input);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const [i, way] of ways.entries()) {
        if (way === undefined) continue;
        const file = way.way === 'module' ? way.file : model;
        const job: FirstRunJob = { way: way.way, file, inputName, dims, inputFile };
        const { stdout } = await execute(process.execPath, [script, JSON.stringify(job)]);
        samples[i]?.push(Number(stdout));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return samples;
}
