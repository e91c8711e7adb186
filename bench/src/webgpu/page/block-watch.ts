/** How long the main thread of the page stands still, during which nobody can scroll or click. */

export interface LongestBlock {
  /** Of the tasks that the browser reports, which last 50 ms at the least; 0 where it reports none. */
  readonly taskMilliseconds: number;
  /** The longest wait of a timer that is due every 5 ms. Other processes prolong it, too. */
  readonly gapMilliseconds: number;
  /** Whether the browser reports tasks. */
  readonly reportsTasks: boolean;
}

interface Observer {
  observe(options: { readonly type: string }): void;
  disconnect(): void;
}

/** As in pages: the types of Node know no entries for long tasks. */
declare const PerformanceObserver: {
  readonly supportedEntryTypes: readonly string[];
  new (
    onEntries: (list: { getEntries(): readonly { readonly duration: number }[] }) => void,
  ): Observer;
};

/** The longest block while `work` goes on, and what that gives. */
export async function watchBlocks<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly block: LongestBlock }> {
  const reportsTasks = PerformanceObserver.supportedEntryTypes.includes('longtask');
  let taskMilliseconds = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      taskMilliseconds = Math.max(taskMilliseconds, duration);
    }
  });
  if (reportsTasks) observer.observe({ type: 'longtask' });
  let gapMilliseconds = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    gapMilliseconds = Math.max(gapMilliseconds, now - last);
    last = now;
  }, 5);
  try {
    const result = await work();
    // The task that ends here is reported only after it.
    await pause(100);
    return { result, block: { taskMilliseconds, gapMilliseconds, reportsTasks } };
  } finally {
    clearInterval(timer);
    observer.disconnect();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
