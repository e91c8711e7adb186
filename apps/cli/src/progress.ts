/** Says on stderr what is going on, where stderr is a terminal and somebody may be waiting. */

import { isLively, type Terminal } from './terminal.js';

export interface Progress {
  stage(text: string): void;
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
  if (!isLively(terminal.stderr, terminal)) return { stage: () => {}, stop: () => {} };
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ stream: terminal.stderr, handleSignals: false }).start();
  return {
    stage: (text) => {
      spinner.text = stageTexts[text] ?? text;
    },
    stop: () => {
      spinner.stop();
    },
  };
}
