/** `whittle bench`: how long a run of the emitted module takes, beside other engines and step by step. */

import {
  type Compilation,
  type CompileOptions,
  compile,
  type Target,
  type Tensors,
} from '@whittle/compiler';
import { type EngineTiming, stepsText, timingsText } from '../bench-text.js';
import { chromeTrace } from '../chrome-trace.js';
import { exitCodes } from '../exit-codes.js';
import { completeFeeds, readFeeds, requireInputs } from '../input-feeds.js';
import { interleave, type Pace, spreadOf } from '../interleave.js';
import type { EmittedModel } from '../load-emitted.js';
import { checkPeers, type Peer, type PeerName, startPeer } from '../peers.js';
import { printable, printableJson } from '../printable.js';
import { type Profile, profileSteps } from '../profile-steps.js';
import { startProgress } from '../progress.js';
import { readModel } from '../read-model.js';
import { schemaVersion } from '../report-error.js';
import { type Terminal, writeNote, writeResult } from '../terminal.js';
import { type Load, withLoader } from '../with-loader.js';
import { writeOneFile } from '../write-files.js';
import { type ModelCommandOptions, modelOptions, printWarnings } from './model-options.js';

export interface BenchCommandOptions extends ModelCommandOptions {
  readonly target?: readonly string[];
  readonly input?: Readonly<Record<string, string>>;
  readonly against?: readonly string[];
  readonly rounds?: number;
  readonly warmup?: number;
  readonly layers?: boolean;
  readonly trace?: string;
}

export async function benchCommand(
  terminal: Terminal,
  path: string,
  options: BenchCommandOptions,
): Promise<number> {
  const peerNames = checkPeers(options.against ?? []);
  const given = readFeeds(options.input);
  const shape = { ...given.shapes, ...options.shape };
  const model = await readModel(path, terminal);
  const bytes = model.take();
  const progress = await startProgress(terminal);
  const note = (text: string) => writeNote(terminal, text);
  const settings = modelOptions({ ...options, shape }, model, progress, note);
  const built = await buildTargets(bytes, options, settings).finally(progress.stop);
  const { inputs = [], warnings = [] } = built.modules[0]?.report ?? {};
  printWarnings(warnings, terminal);
  requireInputs(options.input, inputs);
  const feeds = completeFeeds(inputs, given);
  const pace = { warmup: options.warmup ?? 5, rounds: options.rounds ?? 20 };
  const peers = await startPeers(peerNames, bytes, feeds, note);
  const { timings, profiles } = await withLoader(async (load) => ({
    timings: await timeEngines(built.modules, { load, peers, feeds, pace }),
    profiles: await profileEach(built.profiled, { load, feeds, pace }),
  }));
  if (options.trace !== undefined) {
    writeOneFile(options.trace, Buffer.from(chromeTrace(profiles)), model.read);
  }
  await writeResult(terminal, `${render(timings, profiles, pace, options)}\n`);
  return exitCodes.ok;
}

interface BuiltTargets {
  readonly modules: readonly Compilation[];
  /** The same for measuring, where steps are asked for. */
  readonly profiled: readonly Compilation[];
}

async function buildTargets(
  bytes: Uint8Array,
  { target = ['js'], layers, trace }: BenchCommandOptions,
  settings: CompileOptions,
): Promise<BuiltTargets> {
  const build = async (profile: boolean): Promise<Compilation[]> => {
    const compilations: Compilation[] = [];
    for (const name of target) {
      // The library refuses a name that no target has.
      compilations.push(await compile(bytes, { ...settings, target: name as Target, profile }));
    }
    return compilations;
  };
  const isProfiled = layers === true || trace !== undefined;
  return { modules: await build(false), profiled: isProfiled ? await build(true) : [] };
}

/** Those that there are; a note says which are not, and why. */
async function startPeers(
  names: readonly PeerName[],
  bytes: Uint8Array,
  feeds: Tensors,
  note: (text: string) => void,
): Promise<readonly Peer[]> {
  const peers: Peer[] = [];
  for (const name of names) {
    const peer = await startPeer(name, bytes, feeds);
    if ('unavailable' in peer)
      note(printable(`warning: without ${name}: ${peer.unavailable}`, 1000));
    else peers.push(peer);
  }
  return peers;
}

interface Timing {
  readonly load: Load;
  readonly feeds: Tensors;
  readonly pace: Pace;
}

/** All in turns; the first target is what the others are compared with. */
async function timeEngines(
  modules: readonly Compilation[],
  { load, peers, feeds, pace }: Timing & { readonly peers: readonly Peer[] },
): Promise<readonly EngineTiming[]> {
  const loaded: EmittedModel[] = [];
  for (const { files, report } of modules) loaded.push(await load(files, report.target));
  const runners = [...loaded.map((model) => ({ run: () => model.run(feeds) })), ...peers];
  const samples = await interleave(runners, pace);
  for (const one of [...loaded, ...peers]) await one.dispose();
  const names = [...modules.map(({ report }) => report.target), ...peers.map(({ name }) => name)];
  const base = spreadOf(samples[0] ?? []).median;
  return names.map((name, i) => {
    const milliseconds = spreadOf(samples[i] ?? []);
    return { name, milliseconds, ratio: milliseconds.median / base, samples: samples[i] ?? [] };
  });
}

async function profileEach(
  compilations: readonly Compilation[],
  { load, feeds, pace }: Timing,
): Promise<readonly Profile[]> {
  const profiles: Profile[] = [];
  for (const compilation of compilations) {
    const model = await load(compilation.files, compilation.report.target);
    profiles.push(await profileSteps(model, compilation.report, feeds, pace));
    model.dispose();
  }
  return profiles;
}

function render(
  timings: readonly EngineTiming[],
  profiles: readonly Profile[],
  { warmup, rounds }: Pace,
  { json, layers }: BenchCommandOptions,
): string {
  if (!json) return [timingsText(timings), ...(layers ? profiles.map(stepsText) : [])].join('\n\n');
  return printableJson({
    schemaVersion,
    command: 'bench',
    warmup,
    rounds,
    engines: timings,
    ...(layers && { layers: profiles }),
  });
}
