/**
 * Colours and fonts of the figures. Each figure has a light ground of its own, so that it reads the
 * same on a light page and on a dark one; the tints differ for people who see few colours too, and
 * what a colour says is also written.
 */

import type { ConvKind } from '@whittle/ir';

export const colors = {
  ground: '#ffffff',
  frame: '#d0d7de',
  text: '#1f2328',
  muted: '#59636e',
  line: '#6e7781',
  faint: '#eaeef2',
  /** What has just been written. */
  fresh: '#f6b26b',
  /** What is kept from before. */
  kept: '#fdecd6',
  positive: '#c2570c',
  negative: '#1f5f9e',
} as const;

export const fonts = {
  sans: "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
  mono: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
} as const;

export interface Tint {
  readonly fill: string;
  readonly stroke: string;
}

export const kindTints: Readonly<Record<ConvKind, Tint>> = {
  regular: { fill: '#dbe9f9', stroke: '#1f5f9e' },
  pointwise: { fill: '#fde8c8', stroke: '#a85f00' },
  depthwise: { fill: '#d3f0e2', stroke: '#00755a' },
  grouped: { fill: '#eedcf3', stroke: '#86398f' },
};

/** Ops that are no convolutions. */
export const plainTint: Tint = { fill: '#f3f4f6', stroke: '#6e7781' };
