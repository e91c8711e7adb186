/** The graph of a case as lowering gets it: a pass writes the ops that others spell, at every level. */

import { type Graph, genericTarget, runPasses, type TargetCapabilities } from '@whittle/ir';
import { findPass } from '@whittle/passes';
import { graphOf, type OpCase, type Setting } from './op-case.js';

export function lowerableGraph(
  opCase: OpCase,
  setting: Setting,
  target: TargetCapabilities = genericTarget,
): Graph {
  const passes = [findPass('decompose-composites'), findPass('flatten-control-flow')];
  const options = { verify: true, context: { target } };
  return runPasses(graphOf(opCase, setting), passes, options).graph;
}
