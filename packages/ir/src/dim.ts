/**
 * Dimensions. A `Dim` is a number, or an expression over named dimensions ("batch", "H // 2") that
 * stays symbolic until the name is bound. Expressions are kept in one normal form, a sum of
 * products, so that equal dims have equal text and comparing dims is comparing text.
 *
 * Vocabulary: an *atom* is a name or an opaque operation (`//`, `max`, `min`) over dims; a *term*
 * is a coefficient times a sorted product of atoms; a symbolic dim is a sum of terms.
 */

import { CompilerError } from './errors.js';
import { quoteText } from './text/quote.js';

export type Dim = number | SymbolicDim;

export interface SymbolicDim {
  readonly terms: readonly Term[];
}

export interface Term {
  readonly coefficient: number;
  /** Sorted by their text; empty for the constant term. */
  readonly atoms: readonly Atom[];
}

export type Atom =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: OpaqueOp; readonly left: Dim; readonly right: Dim };

export type OpaqueOp = 'floordiv' | 'mod' | 'max' | 'min';

/** A dimension known only by name. */
export function namedDim(name: string): Dim {
  return { terms: [{ coefficient: 1, atoms: [{ kind: 'name', name }] }] };
}

export function isBound(dim: Dim): dim is number {
  return typeof dim === 'number';
}

export function allBound(dims: readonly Dim[]): dims is readonly number[] {
  return dims.every(isBound);
}

export function addDims(a: Dim, b: Dim): Dim {
  if (isBound(a) && isBound(b)) return a + b;
  return normalize([...termsOf(a), ...termsOf(b)]);
}

export function mulDims(a: Dim, b: Dim): Dim {
  // Adding 0 turns -0 into 0, so that equal dims stay equal objects.
  if (isBound(a) && isBound(b)) return a * b + 0;
  const products: Term[] = [];
  limitTerms(termsOf(a).length * termsOf(b).length);
  for (const left of termsOf(a)) {
    for (const right of termsOf(b)) {
      products.push({
        coefficient: left.coefficient * right.coefficient,
        atoms: [...left.atoms, ...right.atoms].sort(compareAtoms),
      });
    }
  }
  return normalize(products);
}

export function subDims(a: Dim, b: Dim): Dim {
  return addDims(a, mulDims(-1, b));
}

/**
 * `a / b` rounded down. What `b` divides is divided and only the rest stays opaque:
 * `(4*n + H - 1) // 4` is `floordiv(H + 3, 4) + n - 1`. So equal sizes that were computed in two
 * ways, as by explicit pads and by SAME, have one form.
 */
export function floorDivDims(a: Dim, b: Dim): Dim {
  if (isBound(b)) {
    if (b === 1) return a;
    if (isBound(a)) return b === 0 ? 0 : Math.floor(a / b);
    if (b !== 0) {
      const { quotient, remainder } = divideTerms(a, b);
      if (isBound(remainder)) return addDims(quotient, floorDivDims(remainder, b));
      const flat = flattenedFloorDiv(remainder, b) ?? opaque('floordiv', remainder, b);
      return addDims(quotient, flat);
    }
  }
  if (a === 0) return 0;
  if (dimEquals(a, b)) return 1;
  const cofactor = divideByMonomial(a, b);
  return cofactor ?? opaque('floordiv', a, b);
}

export function modDims(a: Dim, b: Dim): Dim {
  if (isBound(a) && isBound(b)) return b === 0 ? 0 : a - b * Math.floor(a / b);
  if (isBound(a) || !isBound(b) || b === 0) return opaque('mod', a, b);
  const { remainder } = divideTerms(a, b);
  return isBound(remainder) ? modDims(remainder, b) : opaque('mod', remainder, b);
}

/**
 * `(x // k + c) // b = (x + c*k) // (k*b)`, which keeps repeated halving in one step; undefined
 * where `a` is no such sum.
 */
function flattenedFloorDiv(a: SymbolicDim, b: number): Dim | undefined {
  const [inner, constant, more] = a.terms;
  const [atom, factor] = inner?.atoms ?? [];
  if (inner?.coefficient !== 1 || atom?.kind !== 'floordiv' || factor || more) return undefined;
  if (constant !== undefined && constant.atoms.length > 0) return undefined;
  const { left, right } = atom;
  if (!isBound(right) || right < 1 || b < 1) return undefined;
  return floorDivDims(addDims(left, (constant?.coefficient ?? 0) * right), right * b);
}

/** `a = quotient * b + remainder`, where the remainder keeps only what `b` does not divide. */
function divideTerms(a: SymbolicDim, b: number): { quotient: Dim; remainder: Dim } {
  const quotient: Term[] = [];
  const remainder: Term[] = [];
  for (const term of a.terms) {
    const { atoms, coefficient } = term;
    const whole = Math.floor(coefficient / b);
    if (atoms.length === 0) {
      quotient.push({ atoms, coefficient: whole });
      remainder.push({ atoms, coefficient: coefficient - whole * b });
    } else if (whole * b === coefficient) quotient.push({ atoms, coefficient: whole });
    else remainder.push(term);
  }
  return { quotient: normalize(quotient), remainder: normalize(remainder) };
}

export function maxDims(a: Dim, b: Dim): Dim {
  if (isBound(a) && isBound(b)) return Math.max(a, b);
  return dimEquals(a, b) ? a : opaque('max', a, b);
}

export function minDims(a: Dim, b: Dim): Dim {
  if (isBound(a) && isBound(b)) return Math.min(a, b);
  return dimEquals(a, b) ? a : opaque('min', a, b);
}

export function ceilDivDims(a: Dim, b: number): Dim {
  return floorDivDims(addDims(a, b - 1), b);
}

/** The number of elements of a tensor of these dims; 1 for a 0-d tensor. */
export function productOfDims(dims: readonly Dim[]): Dim {
  return dims.reduce<Dim>(mulDims, 1);
}

export function dimEquals(a: Dim, b: Dim): boolean {
  if (isBound(a) || isBound(b)) return a === b;
  return formatDim(a) === formatDim(b);
}

export function dimsEqual(a: readonly Dim[], b: readonly Dim[]): boolean {
  return (
    a.length === b.length &&
    a.every((dim, axis) => {
      const other = b[axis];
      return other !== undefined && dimEquals(dim, other);
    })
  );
}

/** Replaces names by dims; a name absent from the map stays. */
export function bindDim(dim: Dim, bindings: ReadonlyMap<string, Dim>): Dim {
  if (isBound(dim)) return dim;
  let sum: Dim = 0;
  for (const term of dim.terms) {
    let product: Dim = term.coefficient;
    for (const atom of term.atoms) product = mulDims(product, bindAtom(atom, bindings));
    sum = addDims(sum, product);
  }
  return sum;
}

/** The names a dim still depends on, in order of first use. */
export function namesOfDim(dim: Dim, into: Set<string> = new Set()): Set<string> {
  if (isBound(dim)) return into;
  for (const term of dim.terms) {
    for (const atom of term.atoms) {
      if (atom.kind === 'name') into.add(atom.name);
      else {
        namesOfDim(atom.left, into);
        namesOfDim(atom.right, into);
      }
    }
  }
  return into;
}

/** The number of atoms in a dim, nested ones included: a measure of what handling it costs. */
export function countAtoms(dim: Dim): number {
  if (isBound(dim)) return 0;
  let count = 0;
  for (const { atoms } of dim.terms) {
    count += atoms.length;
    for (const atom of atoms) {
      if (atom.kind !== 'name') count += countAtoms(atom.left) + countAtoms(atom.right);
    }
  }
  return count;
}

/**
 * The text of a dim: `batch`, `2*batch + 1`, `floordiv(H + 1, 2)`. Names that are not plain
 * identifiers are written as JSON strings. `parseDim` reads it back.
 */
export function formatDim(dim: Dim): string {
  if (isBound(dim)) return String(dim);
  let text = '';
  for (const term of dim.terms) {
    const body = formatTerm(term);
    if (text === '') text = term.coefficient < 0 ? `-${body}` : body;
    else text += term.coefficient < 0 ? ` - ${body}` : ` + ${body}`;
  }
  return text === '' ? '0' : text;
}

export function formatDims(dims: readonly Dim[]): string {
  return `[${dims.map(formatDim).join(',')}]`;
}

function formatTerm(term: Term): string {
  const magnitude = Math.abs(term.coefficient);
  const factors = term.atoms.map(formatAtom);
  if (magnitude !== 1 || factors.length === 0) factors.unshift(String(magnitude));
  return factors.join('*');
}

function formatAtom(atom: Atom): string {
  if (atom.kind !== 'name') {
    return `${atom.kind}(${formatDim(atom.left)}, ${formatDim(atom.right)})`;
  }
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(atom.name) && !opaqueOps.has(atom.name);
  return plain ? atom.name : quoteText(atom.name);
}

const opaqueOps: ReadonlySet<string> = new Set<OpaqueOp>(['floordiv', 'mod', 'max', 'min']);

function opaque(kind: OpaqueOp, left: Dim, right: Dim): Dim {
  return { terms: [{ coefficient: 1, atoms: [{ kind, left, right }] }] };
}

function termsOf(dim: Dim): readonly Term[] {
  return isBound(dim) ? [{ coefficient: dim, atoms: [] }] : dim.terms;
}

function compareAtoms(a: Atom, b: Atom): number {
  const left = formatAtom(a);
  const right = formatAtom(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Sums of many names and products of sums grow without bound; no sound model comes near this. */
const maxTerms = 2000;

function limitTerms(count: number): void {
  if (count <= maxTerms) return;
  throw new CompilerError('E_LIMIT_COUNT', `A dim has ${count} terms, more than ${maxTerms}.`);
}

/** Merges like terms, drops zeros, orders by text with the constant last. */
function normalize(terms: readonly Term[]): Dim {
  limitTerms(terms.length);
  const merged = new Map<string, Term>();
  for (const term of terms) {
    const key = term.atoms.map(formatAtom).join('*');
    const known = merged.get(key);
    const coefficient = (known?.coefficient ?? 0) + term.coefficient;
    merged.set(key, { coefficient, atoms: term.atoms });
  }
  const kept = [...merged].filter(([, term]) => term.coefficient !== 0);
  kept.sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1));
  const [first] = kept;
  if (first === undefined) return 0;
  if (kept.length === 1 && first[0] === '') return first[1].coefficient;
  return { terms: kept.map(([, term]) => term) };
}

/** `a / b` where `b` is a single term that divides every term of `a`; undefined otherwise. */
function divideByMonomial(a: Dim, b: Dim): Dim | undefined {
  const [divisor, more] = termsOf(b);
  if (divisor === undefined || more !== undefined || isBound(a)) return undefined;
  const quotients: Term[] = [];
  for (const term of a.terms) {
    if (term.coefficient % divisor.coefficient !== 0) return undefined;
    const atoms = [...term.atoms];
    for (const atom of divisor.atoms) {
      const at = atoms.findIndex((candidate) => compareAtoms(candidate, atom) === 0);
      if (at < 0) return undefined;
      atoms.splice(at, 1);
    }
    quotients.push({ coefficient: term.coefficient / divisor.coefficient, atoms });
  }
  return normalize(quotients);
}

function bindAtom(atom: Atom, bindings: ReadonlyMap<string, Dim>): Dim {
  if (atom.kind === 'name') return bindings.get(atom.name) ?? namedDim(atom.name);
  const left = bindDim(atom.left, bindings);
  const right = bindDim(atom.right, bindings);
  return opaqueFolds[atom.kind](left, right);
}

const opaqueFolds: Readonly<Record<OpaqueOp, (a: Dim, b: Dim) => Dim>> = {
  floordiv: floorDivDims,
  mod: modDims,
  max: maxDims,
  min: minDims,
};
