/** MobileNetV2's block as the compiler has it before, between and after the passes, and in memory. */

import { jsCapabilities } from '@whittle/codegen-js';
import { type Graph, type Policy, runPasses } from '@whittle/ir';
import { launchesIn, lowerGraph, type Program } from '@whittle/kernel';
import { pipelines } from '@whittle/passes';
import { invertedResidualBlock } from './inverted-residual-block.js';

/** The block after all passes; `fuse` says whether its convolutions become one op. */
export function optimizedBlock(fuse: Policy, { channelsLast = false } = {}): Graph {
  const context = { target: jsCapabilities, fuse };
  return runPasses(invertedResidualBlock({ channelsLast }), pipelines[2], { context }).graph;
}

/** The block as it lies inside of a model, where no step has to turn images around. */
export function blockProgram(fuse: Policy): Program {
  return lowerGraph(optimizedBlock(fuse, { channelsLast: true }), jsCapabilities);
}

export interface NamedBuffer {
  readonly name: string;
  readonly bytes: number;
  readonly byteOffset: number;
  readonly live: readonly [number, number];
}

/** The buffers of the arena by what they hold: an input or output, a stage's result, scratch. */
export function arenaOf(program: Program): readonly NamedBuffer[] {
  const names = new Map<string, string>();
  for (const { kernel, label, args } of launchesIn(program.steps)) {
    const params = program.kernels.find(({ name }) => name === kernel)?.params ?? [];
    args.forEach(({ buffer }, i) => {
      const param = params[i];
      const result = label.split(' ').at(-1) ?? label;
      if (param?.access === 'write') names.set(buffer, param.name === 'y' ? result : param.name);
    });
  }
  for (const { name, view } of [...program.inputs, ...program.outputs])
    names.set(view.buffer, name);
  return program.buffers
    .filter(({ space }) => space === 'arena')
    .map(({ name, length, byteOffset, live }) => ({
      name: names.get(name) ?? name,
      bytes: 4 * length,
      byteOffset,
      live,
    }));
}
