/** The stem of the emitted files, from a file name that nobody has vouched for. */

const longestStem = 64;

/** Names that Windows keeps for devices, with any extension. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/**
 * The stem of a file name or path: its last segment without the extension (which
 * begins with a letter: `v1.0` has none), with all but letters,
 * digits, `.`, `_` and `-` of ASCII turned into `-`. It never names a directory, a hidden file, a
 * device or an option, holds at most 64 characters, and is `model` where nothing is left.
 */
export function safeStem(fileName: string): string {
  const segment = /[^/\\]*$/.exec(fileName.slice(-4096))?.[0] ?? '';
  const stem = segment
    .replace(/(?<=.)\.[A-Za-z][A-Za-z0-9_]*$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+/, '')
    .slice(0, longestStem)
    .replace(/[.-]+$/, '');
  if (stem === '') return 'model';
  return deviceName.test(stem) ? `model-${stem}` : stem;
}
