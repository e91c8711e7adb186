/** The candidates of an inspection, as they are listed: each with its verdict, in the order of the nodes. */

import type { DecidedNode, DecisionReport, Inspection } from '@whittle/compiler';

export interface Candidate {
  readonly decision: DecisionReport;
  /** `illegal` where there is no other way to compute it, whatever the options say. */
  readonly verdict: DecisionReport['choice'] | 'illegal';
  /** Of the nodes; those of their outputs where the model gives none. Not printable yet. */
  readonly names: readonly string[];
  /** The name of the depthwise or grouped node that it is all about. */
  readonly filter: string;
}

/**
 * Those about one depthwise convolution stand together: where it is not fused with what comes after
 * it, a later decision is about what comes before.
 */
export function candidatesOf({ decisions, convolutions }: Inspection): readonly Candidate[] {
  const places = new Map(
    convolutions.map(({ output, macs }, place) => [output.name, { place, macs }]),
  );
  return decisions
    .map((decision) => {
      const filter = filterOf(decision);
      const { place = convolutions.length, macs } = places.get(filter?.output ?? '') ?? {};
      // What is no number yet may turn out legal once it is.
      const isIllegal = decision.ways.length === 0 && typeof macs === 'number';
      const candidate: Candidate = {
        decision,
        verdict: isIllegal ? 'illegal' : decision.choice,
        names: decision.nodes.map(nameOf),
        filter: filter === undefined ? '' : nameOf(filter),
      };
      return { place, candidate };
    })
    .sort((a, b) => a.place - b.place)
    .map(({ candidate }) => candidate);
}

/** Undefined where there are different reasons, or only one candidate. */
export function sharedReason([first, ...others]: readonly Candidate[]): string | undefined {
  const reason = first?.decision.reason;
  if (others.length === 0) return undefined;
  return others.every(({ decision }) => decision.reason === reason) ? reason : undefined;
}

function filterOf({ nodes }: DecisionReport): DecidedNode | undefined {
  return nodes.find(({ kind }) => kind === 'depthwise' || kind === 'grouped') ?? nodes[0];
}

function nameOf({ name, output }: DecidedNode): string {
  return name === '' ? output : name;
}
