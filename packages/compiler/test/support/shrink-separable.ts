/** Makes a case that fails as small as it can be while it still fails. */

import type { SeparableCase, SeparableStage } from './separable-case.js';
import type { SeparableWindow } from './separable-window.js';
import type { Window } from './window.js';

/** Takes the first simplification after which the case still fails, until none is left. */
export async function shrinkCase(
  failing: SeparableCase,
  fails: (candidate: SeparableCase) => Promise<boolean>,
): Promise<SeparableCase> {
  for (const candidate of simplerCases(failing)) {
    if (await fails(candidate)) return shrinkCase(candidate, fails);
  }
  return failing;
}

/** Each is simpler than the case, the boldest first; some may not fit together. */
function simplerCases(separable: SeparableCase): readonly SeparableCase[] {
  const { stages, sizes, channels } = separable;
  const simpler = (change: Partial<SeparableCase>): SeparableCase => ({ ...separable, ...change });
  const without = stages.map((_, at) => simpler({ stages: stages.toSpliced(at, 1) }));
  const inStages = stages.flatMap((stage, at) =>
    simplerStages(stage).map((next) => simpler({ stages: stages.with(at, next) })),
  );
  const withoutAxis = sizes.map((_, axis) =>
    simpler({
      sizes: sizes.toSpliced(axis, 1),
      stages: stages.map(({ window, ...stage }) => ({
        ...stage,
        window: { ...window, axes: window.axes.toSpliced(axis, 1) },
      })),
    }),
  );
  return [
    ...(stages.length > 1 ? without : []),
    ...(sizes.length > 1 ? withoutAxis : []),
    ...(separable.batch > 1 ? [simpler({ batch: 1 })] : []),
    ...(separable.residual !== 'none' ? [simpler({ residual: 'none' })] : []),
    ...(separable.secondReader ? [simpler({ secondReader: undefined })] : []),
    ...smaller(channels).map((fewer) => simpler({ channels: fewer })),
    ...sizes.flatMap((size, axis) =>
      smaller(size).map((less) => simpler({ sizes: sizes.with(axis, less) })),
    ),
    ...inStages,
  ];
}

function simplerStages(stage: SeparableStage): readonly SeparableStage[] {
  const simpler = (change: Partial<SeparableStage>): SeparableStage => ({ ...stage, ...change });
  const { axes, autoPad } = stage.window;
  const inWindow = (window: Partial<SeparableWindow>) =>
    simpler({ window: { axes, autoPad, ...window } });
  return [
    ...(stage.activation !== 'none' ? [simpler({ activation: 'none' })] : []),
    ...(stage.shift !== 'none' ? [simpler({ shift: 'none' })] : []),
    ...(stage.isShuffled ? [simpler({ isShuffled: false })] : []),
    ...(stage.filter !== 'constant' ? [simpler({ filter: 'constant' })] : []),
    ...(typeof stage.group === 'number'
      ? smaller(stage.group).map((group) => simpler({ group }))
      : []),
    ...smaller(stage.outputsPerGroup).map((outputsPerGroup) => simpler({ outputsPerGroup })),
    ...(autoPad === 'NOTSET' ? [] : [inWindow({ autoPad: 'NOTSET' })]),
    ...axes.flatMap((axis, i) =>
      simplerAxes(axis).map((next) => inWindow({ axes: axes.with(i, next) })),
    ),
  ];
}

function simplerAxes(axis: Window): readonly Window[] {
  return [
    ...smaller(axis.kernel).map((kernel) => ({ ...axis, kernel })),
    ...smaller(axis.stride).map((stride) => ({ ...axis, stride })),
    ...smaller(axis.dilation).map((dilation) => ({ ...axis, dilation })),
    ...smaller(axis.before, 0).map((before) => ({ ...axis, before })),
    ...smaller(axis.after, 0).map((after) => ({ ...axis, after })),
  ];
}

/** The least there is, and one less. */
function smaller(count: number, least = 1): readonly number[] {
  return count <= least ? [] : [...new Set([least, count - 1])];
}
