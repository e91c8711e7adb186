/**
 * A graph as a picture: a box for each node, an arrow for each value with its dims, inputs above and
 * outputs below. Constants stand inside of the boxes that read them. The layout is dagre's.
 */

import { Graph as Layout, layout } from '@dagrejs/dagre';
import { formatDims, type Graph, type Value } from '@whittle/ir';
import { drawNode, drawPort } from './draw-box.js';
import { arrowHead, type Drawing, element, format, group, text, textWidth } from './svg.js';
import { colors } from './theme.js';

const labelStyle = { size: 11, mono: true, fill: colors.muted } as const;

interface Point {
  readonly x: number;
  readonly y: number;
}

export function drawGraph(graph: Graph): Drawing {
  const plan: Plan = new Layout({ multigraph: true });
  plan.setGraph({ nodesep: 20, edgesep: 14, ranksep: 36 });
  for (const { id, drawing } of boxesOf(graph)) plan.setNode(id, { ...drawing, x: 0, y: 0 });
  for (const { from, to, value } of arrowsOf(graph)) {
    const label = formatDims(value.type?.dims ?? []);
    const size = { width: textWidth(label, labelStyle) + 8, height: 14 };
    const place = { labelpos: 'r', labeloffset: 6, points: [], x: 0, y: 0 } as const;
    plan.setEdge(from, to, { label, ...size, ...place }, value.name);
  }
  layout(plan, { constraints: inOrder(graph.inputs) });
  const boxes = plan.nodes().map((id) => plan.node(id));
  const arrows = plan.edges().map((edge) => plan.edge(edge));
  const right = [...boxes, ...arrows].map(({ x, width }) => x + width / 2);
  return {
    width: Math.max(...right),
    height: Math.max(...boxes.map(({ y, height }) => y + height / 2)),
    body: [
      ...arrows.map(drawArrow),
      ...boxes.map(({ x, y, width, height, body }) => group(x - width / 2, y - height / 2, body)),
    ].join('\n'),
  };
}

/** What dagre's graph is asked for here: its own declarations do not resolve for modules of Node. */
interface Plan {
  setGraph(spacing: Readonly<Record<string, number>>): void;
  setNode(id: string, box: Box): void;
  setEdge(from: string, to: string, arrow: Arrow, name: string): void;
  nodes(): string[];
  node(id: string): Box;
  edges(): object[];
  edge(edge: object): Arrow;
}

/** Each input stands to the left of the next one. */
function inOrder(inputs: readonly Value[]): { readonly left: string; readonly right: string }[] {
  return inputs.slice(1).map(({ name }, i) => ({ left: inputs[i]?.name ?? name, right: name }));
}

type Box = Drawing & Point;

interface Arrow extends Point {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly labelpos: 'r';
  readonly labeloffset: number;
  readonly points: readonly Point[];
}

function boxesOf(graph: Graph): { readonly id: string; readonly drawing: Drawing }[] {
  return [
    ...graph.inputs.map((value) => ({ id: value.name, drawing: drawPort(value.name, value) })),
    ...graph.nodes.map((node, i) => ({ id: idOfNode(i), drawing: drawNode(node) })),
    ...graph.outputs.map(({ name, value }) => ({
      id: idOfOutput(name),
      drawing: drawPort(name, value),
    })),
  ];
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly value: Value;
}

function arrowsOf(graph: Graph): readonly Link[] {
  const origin = new Map(graph.inputs.map((value) => [value, value.name]));
  graph.nodes.forEach((node, i) => {
    for (const output of node.outputs) if (output) origin.set(output, idOfNode(i));
  });
  const link = (value: Value | undefined, to: string): Link[] => {
    const from = value && origin.get(value);
    return value === undefined || from === undefined ? [] : [{ from, to, value }];
  };
  return [
    ...graph.nodes.flatMap(({ inputs }, i) => inputs.flatMap((value) => link(value, idOfNode(i)))),
    ...graph.outputs.flatMap(({ name, value }) => link(value, idOfOutput(name))),
  ];
}

function idOfNode(index: number): string {
  return `node ${index}`;
}

function idOfOutput(name: string): string {
  return `output ${name}`;
}

function drawArrow({ label, points, x, y }: Arrow): string {
  const last = points.at(-1);
  const before = points.at(-2);
  if (last === undefined || before === undefined) return '';
  const angle = Math.atan2(last.y - before.y, last.x - before.x);
  const end = { x: last.x - 6 * Math.cos(angle), y: last.y - 6 * Math.sin(angle) };
  const d = rounded([...points.slice(0, -1), end]);
  return [
    element('path', { d, fill: 'none', stroke: colors.line, 'stroke-width': 1.3 }),
    arrowHead(last.x, last.y, (angle * 180) / Math.PI),
    text(x, y + 4, label, { ...labelStyle, anchor: 'middle', halo: colors.ground }),
  ].join('\n');
}

/** A path through the middles between points, bent toward the points. */
function rounded(points: readonly Point[]): string {
  const at = ({ x, y }: Point): string => `${format(x)} ${format(y)}`;
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const bends = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1] ?? point;
    const isLast = i + 2 === rest.length;
    const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(isLast ? next : middle)}`;
  });
  const straight = rest.length === 1 ? rest.map((point) => `L${at(point)}`) : [];
  return [`M${at(first)}`, ...bends, ...straight].join('');
}
