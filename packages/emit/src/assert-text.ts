/**
 * What a caller puts into the frame of a module without quotes is checked here, so that a mistake in
 * a code generator is an error and never a hole through which a model writes code.
 */

/** The name itself. @throws {TypeError} where it is not an identifier of ASCII letters and digits. */
export function assertIdentifier(name: string): string {
  if (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name)) return name;
  throw new TypeError(`Not an identifier: ${JSON.stringify(name.slice(0, 80))}`);
}

/** The text itself. @throws {TypeError} where it would end a comment or is not plain ASCII. */
export function assertCommentText(text: string): string {
  if (/^[\n -~]*$/.test(text) && !text.includes('*/')) return text;
  throw new TypeError(`Not the text of a comment: ${JSON.stringify(text.slice(0, 80))}`);
}
