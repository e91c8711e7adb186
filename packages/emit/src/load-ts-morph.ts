/**
 * ts-morph, loaded when the first module is printed and not before: it costs more time and memory
 * than everything else in this package, and a command that emits nothing never pays for it.
 *
 * `#ts-morph` is ts-morph itself in tests, and in the built package the part of it that prints, made
 * by `scripts/bundle-ts-morph.mjs`: a sixth of the memory for the same text.
 */

import type { Project, SourceFileStructure } from 'ts-morph';

export type TsMorph = typeof import('ts-morph');

export function loadTsMorph(): Promise<TsMorph> {
  return import('#ts-morph');
}

/** The text of a file that holds these statements; nothing touches a disk. */
export function printStatements(
  tsMorph: TsMorph,
  fileName: string,
  statements: NonNullable<SourceFileStructure['statements']>,
): string {
  const project: Project = new tsMorph.Project({
    useInMemoryFileSystem: true,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: tsMorph.IndentationText.TwoSpaces },
  });
  return project.createSourceFile(fileName, { statements }).getFullText();
}
