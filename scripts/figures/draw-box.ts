/** The boxes of a graph's picture: a node, an input, an output. */

import { dtypes, type Node, type Value } from '@whittle/ir';
import { describeNode, type NodeText } from './describe-node.js';
import { type Drawing, rect, text, textWidth } from './svg.js';
import { colors, kindTints, plainTint, type Tint } from './theme.js';

const titleStyle = { size: 13, bold: true, mono: true, anchor: 'middle' } as const;
const detailStyle = { size: 11, mono: true, anchor: 'middle' } as const;
const sideMargin = 10;
const titleHeight = 24;
const detailHeight = 15;

/** A node's op, then its constants and attributes; a fused op holds a box for each of its stages. */
export function drawNode(node: Node): Drawing {
  const words = describeNode(node);
  if (words.stages.length > 0) return drawFused(words);
  return drawWords(words, tintOf(words));
}

/** A value that comes from outside or goes there; its dims stand at its arrow. */
export function drawPort(name: string, value: Value): Drawing {
  const dtype = value.type === undefined ? '?' : dtypes[value.type.dtype].short;
  const words = `${name}: ${dtype}`;
  const width = textWidth(words, detailStyle) + 2 * sideMargin + 8;
  const height = 24;
  const frame = { rx: 12, fill: colors.ground, stroke: colors.line, 'stroke-dasharray': '3 3' };
  return {
    width,
    height,
    body: [
      rect(0, 0, width, height, frame),
      text(width / 2, 16, words, { ...detailStyle, fill: colors.muted }),
    ].join('\n'),
  };
}

function tintOf({ kind }: NodeText): Tint {
  return kind === undefined ? plainTint : kindTints[kind];
}

function drawWords({ title, details }: NodeText, tint: Tint, least = 0): Drawing {
  const widths = [textWidth(title, titleStyle), ...details.map((d) => textWidth(d, detailStyle))];
  const width = Math.max(least, Math.max(...widths) + 2 * sideMargin);
  const height = titleHeight + details.length * detailHeight + (details.length === 0 ? 2 : 6);
  const lines = details.map((detail, i) =>
    text(width / 2, titleHeight + 9 + i * detailHeight, detail, detailStyle),
  );
  return {
    width,
    height,
    body: [
      rect(0.5, 0.5, width - 1, height - 1, { rx: 5, ...tint }),
      text(width / 2, 18, title, titleStyle),
      ...lines,
    ].join('\n'),
  };
}

function drawFused({ title, details, stages }: NodeText): Drawing {
  const inner = Math.max(...stages.map((stage) => drawWords(stage, tintOf(stage)).width));
  const width = Math.max(inner, textWidth(title, titleStyle)) + 2 * sideMargin;
  const lines = details.map((detail, i) =>
    text(width / 2, titleHeight + 10 + i * detailHeight, detail, detailStyle),
  );
  let y = titleHeight + 4 + details.length * detailHeight;
  const boxes = stages.map((stage) => {
    const box = drawWords(stage, tintOf(stage), width - 2 * sideMargin);
    const at = `<g transform="translate(${sideMargin} ${y})">\n${box.body}\n</g>`;
    y += box.height + 4;
    return at;
  });
  const height = y + 6;
  const frame = { rx: 7, fill: colors.ground, stroke: colors.text, 'stroke-width': 1.5 };
  return {
    width,
    height,
    body: [
      rect(1, 1, width - 2, height - 2, frame),
      text(width / 2, 19, title, titleStyle),
      ...lines,
      ...boxes,
    ].join('\n'),
  };
}
