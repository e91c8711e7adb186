import ts from 'typescript';

/** The kinds of all nodes of a program, in order and nested; what a name may never change. */
export function syntaxShape(fileName: string, text: string): string {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, true);
  const shape = (node: ts.Node): string => {
    const children: string[] = [];
    node.forEachChild((child) => {
      children.push(shape(child));
    });
    return `${ts.SyntaxKind[node.kind]}(${children.join()})`;
  };
  return shape(file);
}

/** The messages of the parser about a program. */
export function syntaxErrors(fileName: string, text: string): string[] {
  const options: ts.CompilerOptions = { allowJs: true, noLib: true, noResolve: true };
  const host = ts.createCompilerHost(options);
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext);
  host.getSourceFile = (wanted) => (wanted === fileName ? file : undefined);
  return ts
    .createProgram([fileName], options, host)
    .getSyntacticDiagnostics(file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
