/**
 * Steps over time in the format that chrome://tracing and Perfetto read: complete events ("X"), whose
 * times are microseconds. Each target is a thread of its own.
 *
 * Source: "Trace Event Format", the document that Chromium's tracing refers to.
 */

import type { Profile } from './profile-steps.js';

export function chromeTrace(profiles: readonly Profile[]): string {
  const traceEvents = profiles.flatMap(({ target, steps, timeline }, thread) => {
    const place = { pid: 1, tid: thread + 1 };
    return [
      { name: 'thread_name', ph: 'M', ...place, args: { name: target } },
      ...steps.map(({ label, kernel, macs }, i) => {
        const [start = 0, end = 0] = timeline.slice(i, i + 2);
        const [ts, dur] = [1000 * start, 1000 * (end - start)];
        return { name: label, cat: kernel, ph: 'X', ts, dur, ...place, args: { kernel, macs } };
      }),
    ];
  });
  return `${JSON.stringify({ traceEvents, displayTimeUnit: 'ms' })}\n`;
}
