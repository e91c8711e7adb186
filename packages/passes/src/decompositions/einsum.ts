/**
 * Einsum as transposes, reshapes, sums and products: what is summed over two inputs is a MatMul.
 *
 * Inputs are taken one after another. Of each, repeated subscripts become a diagonal and axes of size 1,
 * which broadcast, go; what nothing else has is summed at once. Two inputs are then multiplied: subscripts
 * that both have and somebody still needs are batches, those that nobody needs any more are summed.
 *
 *     %y = Einsum(%a, %b) {equation = "bij,bkj->bik"}
 *   →
 *     %t = Transpose(%b) {perm = [0, 2, 1]}
 *     %y = MatMul(%a, %t)
 */

import {
  allBound,
  CompilerError,
  type Match,
  parseEinsum,
  type Rewriter,
  requiredAttribute,
  type Value,
} from '@whittle/ir';
import { decomposition } from './decomposition.js';
import {
  arranged,
  diagonals,
  reshaped,
  sizeOf,
  spreadOver,
  summed,
  type Term,
  withoutUnits,
} from './einsum-terms.js';

export const einsum = [
  decomposition('Einsum', 'Einsum(a, b, …) → Transpose(MatMul(ReduceSum(a), b), …)', spell),
];

function spell({ root }: Match, rewriter: Rewriter): Value | undefined {
  const inputs = root.inputs.filter((input) => input !== undefined);
  const dims = inputs.map(({ type }) => type?.dims);
  if (!dims.every((one) => one !== undefined && allBound(one))) return undefined;
  const ranks = dims.map((one) => one.length);
  const text = requiredAttribute(root, 'equation', 'string');
  const { operands, result } = parseEinsum(text, ranks, (message) => {
    throw new CompilerError('E_INVALID_GRAPH', `Einsum ${message}.`, {
      where: { node: root.name, op: root.op },
    });
  });
  const terms = inputs.map((value, i) =>
    diagonals(rewriter, withoutUnits(rewriter, { value, labels: operands[i] ?? [] })),
  );
  const product = terms.reduce((left, right, i) => {
    const later = terms.slice(i + 1).flatMap(({ labels }) => labels);
    const needed = new Set([...result, ...later]);
    const a = summed(rewriter, left, new Set([...needed, ...right.labels]));
    const b = summed(rewriter, right, new Set([...needed, ...left.labels]));
    return givesColumns(a, b, result)
      ? multiplied(rewriter, b, a, needed, result)
      : multiplied(rewriter, a, b, needed, result);
  });
  return spreadOver(rewriter, summed(rewriter, product, new Set(result)), result);
}

/** Whether what only `a` has comes last in the result: it is best multiplied from the right. */
function givesColumns(a: Term, b: Term, result: readonly string[]): boolean {
  const last = (one: Term, other: Term): number =>
    one.labels
      .filter((label) => !other.labels.includes(label))
      .reduce((most, label) => Math.max(most, result.indexOf(label)), -1);
  return last(a, b) > last(b, a);
}

/** The product of two terms, summed over what both have and nobody needs. */
function multiplied(
  rewriter: Rewriter,
  a: Term,
  b: Term,
  needed: ReadonlySet<string>,
  result: readonly string[],
): Term {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const inner = shared.filter((label) => !needed.has(label));
  if (inner.length === 0) {
    const labels = inOrder([...new Set([...a.labels, ...b.labels])], result);
    const factors = [spreadOver(rewriter, a, labels), spreadOver(rewriter, b, labels)];
    return { value: rewriter.op('Mul', factors), labels };
  }
  const batch = inOrder(
    shared.filter((label) => needed.has(label)),
    result,
  );
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const left = arranged(rewriter, a, [...batch, ...rows, ...inner]);
  const right = arranged(rewriter, b, [...batch, ...inner, ...columns]);
  const outer = batch.map((label) => sizeOf(a, label));
  const count = (term: Term, labels: readonly string[]): number =>
    labels.reduce((product, label) => product * sizeOf(term, label), 1);
  const matrices = rewriter.op('MatMul', [
    reshaped(rewriter, left, [...outer, count(a, rows), count(a, inner)]),
    reshaped(rewriter, right, [...outer, count(b, inner), count(b, columns)]),
  ]);
  const dims = [
    ...outer,
    ...rows.map((label) => sizeOf(a, label)),
    ...columns.map((label) => sizeOf(b, label)),
  ];
  return { value: reshaped(rewriter, matrices, dims), labels: [...batch, ...rows, ...columns] };
}

/** Labels as the result has them; those that it lacks come last. */
function inOrder(labels: readonly string[], result: readonly string[]): readonly string[] {
  const place = (label: string): number => {
    const at = result.indexOf(label);
    return at < 0 ? result.length : at;
  };
  return labels.toSorted((a, b) => place(a) - place(b));
}
