import ts from 'typescript';

export interface TypeErrorsOptions {
  /** What the consumer's `lib` holds. */
  readonly libraries?: readonly string[];
}

const libraryFiles = new Map<string, ts.SourceFile | undefined>();

/** The errors of TypeScript for a program of two files: `model.d.ts` and one that uses it. */
export function typeErrors(
  declarations: string,
  use: string,
  { libraries = ['lib.es2022.d.ts', 'lib.dom.d.ts'] }: TypeErrorsOptions = {},
): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    exactOptionalPropertyTypes: true,
    lib: [...libraries],
    types: [],
    noEmit: true,
    skipDefaultLibCheck: true,
  };
  const files = new Map([
    ['/model.d.ts', declarations],
    ['/use.ts', use],
  ]);
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getCurrentDirectory = () => '/';
  host.fileExists = (fileName) => files.has(fileName);
  host.getSourceFile = (fileName, version) => {
    const text = files.get(fileName);
    if (text !== undefined) return ts.createSourceFile(fileName, text, version);
    if (!libraryFiles.has(fileName)) libraryFiles.set(fileName, getSourceFile(fileName, version));
    return libraryFiles.get(fileName);
  };
  host.readFile = (fileName) => files.get(fileName) ?? ts.sys.readFile(fileName);
  const program = ts.createProgram(['/use.ts', '/model.d.ts'], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
