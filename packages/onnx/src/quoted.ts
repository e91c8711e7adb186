const longest = 200;

/** A name of the model as it appears in messages: quoted, escaped, and cut where it is absurd. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > longest ? `${name.slice(0, longest)}…` : name);
}
