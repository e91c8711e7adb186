/** A process for one first run: the job as JSON on the command line, the milliseconds on stdout. */

import { type FirstRunJob, timeFirstRun } from './first-run.js';

const job: FirstRunJob = JSON.parse(process.argv[2] ?? '');
process.stdout.write(String(await timeFirstRun(job)), () => process.exit());
