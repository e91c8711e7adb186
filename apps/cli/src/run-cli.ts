/** One run of the command: arguments in, exit code out. */

import { commandTree } from './command-tree.js';
import { exitCodes } from './exit-codes.js';
import { withPolicies } from './option-parsers.js';
import { reportError } from './report-error.js';
import type { Terminal } from './terminal.js';

/** Never throws: every error is reported and has its exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.ok;
  try {
    const root = commandTree(terminal, (code) => {
      exitCode = code;
    });
    if (args.length === 0) {
      terminal.stderr.write(root.helpInformation());
      return exitCodes.usage;
    }
    await root.parseAsync(withPolicies(args), { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(error, terminal, args.includes('--json'));
  }
}
