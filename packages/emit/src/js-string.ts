/**
 * Strings of a model as literals: the one way by which a name reaches emitted text.
 *
 * Every literal is printable ASCII without `<` and `>`, so it means the same in JavaScript, in a
 * `.d.ts`, in JSON and inside a `<script>` element: nothing in it ends a line, a string, a comment
 * or an element, and no reader sees it reordered by bidirectional marks.
 */

const unsafe = /["\\<>]|[^ -~]/g;

const unsafeInTemplate = /[\\`]|\$(?=\{)|<(?=[/!])|[^\n -~]/g;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** A double-quoted literal that evaluates to `text`, to the UTF-16 unit; also valid JSON. */
export function jsString(text: string): string {
  return `"${text.replace(unsafe, escapeUnit)}"`;
}

/**
 * A key of an object literal that defines an own property `name`.
 *
 * It is always computed: `{"__proto__": x}` would set the prototype, and a form that depended on the
 * name would give the emitted syntax tree a shape that depends on the model.
 */
export function propertyKey(name: string): string {
  return `[${jsString(name)}]`;
}

/**
 * A template literal that evaluates to `text`: for code that is to be read, whose lines stay lines. It is
 * printable ASCII and line feeds; `<` stands in it where it ends no element and begins no comment.
 */
export function jsTemplate(text: string): string {
  return `\`${text.replace(unsafeInTemplate, escapeUnit)}\``;
}

function escapeUnit(unit: string): string {
  return (
    shortEscapes.get(unit) ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  );
}
