/**
 * What happens between two stages: stderr says what is going on, where it is a terminal and somebody may
 * be waiting; garbage goes; and signals that came in meanwhile are heard.
 */

import { setImmediate } from 'node:timers/promises';
import { collectGarbage } from './process-tuning.js';
import { isLively, type Terminal } from './terminal.js';

export interface Progress {
  /** Waits for it to be seen. */
  stage(name: string): Promise<void>;
  /** Clears the line. */
  stop(): void;
}

/** How stages are called while they run. */
const stageTexts: Readonly<Record<string, string>> = {
  import: 'Reading the model',
  passes: 'Optimising the graph',
  lower: 'Writing kernels',
  emit: 'Writing the module',
  export: 'Writing the model',
};

export async function startProgress(terminal: Terminal): Promise<Progress> {
  if (!isLively(terminal.stderr, terminal)) return { stage: betweenStages, stop: () => {} };
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ stream: terminal.stderr, handleSignals: false }).start();
  // The cursor comes back whichever way the process ends.
  const stop = () => spinner.stop();
  process.once('exit', stop);
  return {
    stage: (name) => {
      spinner.text = stageTexts[name] ?? name;
      return betweenStages();
    },
    stop: () => {
      stop();
      process.removeListener('exit', stop);
    },
  };
}

async function betweenStages(): Promise<void> {
  collectGarbage();
  await setImmediate();
}
