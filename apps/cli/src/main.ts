#!/usr/bin/env node
/** The process: streams, signals, exit code. */

import { exitCodes } from './exit-codes.js';
import { tuneForCompiling } from './process-tuning.js';
import { runCli } from './run-cli.js';

// A reader that has seen enough, as `head` has, is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.io);
  });
}
process.on('SIGINT', () => process.exit(exitCodes.interrupted));

tuneForCompiling();
process.exitCode = await runCli(process.argv.slice(2), process);
