/**
 * Preloaded into a measured process by `node --import`: as that process ends, it writes what it
 * used to file descriptor 3. So the numbers are the kernel's own and those of one process, its
 * threads included.
 */

import { writeSync } from 'node:fs';

import type { ProcessUsage } from './measure-process.js';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage: ProcessUsage = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMiB: maxRSS / 1024,
  };
  writeSync(3, JSON.stringify(usage));
});
