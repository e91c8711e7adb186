/** The stage between graph and program, with its dump. */

import type { Graph } from '@whittle/ir';
import { lowerGraph, type Program, printProgram } from '@whittle/kernel';
import type { StageLog } from './stage-log.js';
import type { TargetRecord } from './targets.js';

/** @throws {CompilerError} as `lowerGraph` does. */
export async function lowerPrepared(
  graph: Graph,
  target: TargetRecord,
  log: StageLog,
): Promise<Program> {
  const onWarning = (message: string) => log.warnings.push(message);
  const program = await log.run('lower', () =>
    lowerGraph(graph, target.capabilities, { onWarning }),
  );
  log.dump('program.txt', () => printProgram(program));
  return program;
}
