/** How commands begin and end: the exit status, and what is said where they are called wrongly. */

export interface Command<Settings> {
  readonly usage: string;
  /**
   * Undefined where help is asked for. Whatever is wrong with the command line is found here, and
   * thrown: all that is thrown later is a failure.
   */
  readonly readSettings: () => Settings | undefined | Promise<Settings | undefined>;
  /** Whether all is as it should be. */
  readonly main: (settings: Settings) => Promise<boolean>;
}

/** Exits with 0 where all is well, with 1 where not, and with 2 and one line for a bad command line. */
export async function runCommand<Settings>(command: Command<Settings>): Promise<void> {
  let settings: Settings | undefined;
  try {
    settings = await command.readSettings();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${text.split('\n')[0]}\n`);
    process.exitCode = 2;
    return;
  }
  if (settings === undefined) process.stdout.write(command.usage);
  else if (!(await command.main(settings))) process.exitCode = 1;
}
