import { expect, it } from 'vitest';
import { imageFeed } from '../src/page/image-feed.ts';
import { readLabels, readScores } from '../src/page/read-scores.ts';
import { trimMargins } from '../src/page/trim-margins.ts';

it('a feed is planes of blue, green and red in [-1, 1]', () => {
  const data = [255, 0, 51, 255, 0, 255, 204, 255];
  const feed = Array.from(imageFeed({ width: 2, height: 1, data }), (value) => value.toFixed(2));
  expect(feed).toEqual(['-0.60', '0.60', '-1.00', '1.00', '1.00', '-1.00']);
});

it('characters are the best classes of their steps; a gap parts two that are the same', () => {
  const labels = readLabels('l\no\n');
  expect(labels).toEqual(['', 'l', 'o', ' ']);
  const steps = [
    [0.9, 0.1, 0, 0],
    [0.2, 0.7, 0.1, 0],
    [0.1, 0.8, 0.1, 0],
    [0.3, 0.6, 0.1, 0],
    [0.6, 0.4, 0, 0],
    [0.1, 0.5, 0.4, 0],
    [0, 0.2, 0.8, 0],
  ];
  const places = readScores(Float32Array.from(steps.flat()), labels);
  expect(places.map(({ step, classes }) => [step, classes[0]?.label])).toEqual([
    [2, 'l'],
    [5, 'l'],
    [6, 'o'],
  ]);
  expect(places[1]?.classes.map(({ label }) => label)).toEqual(['l', 'o', '', ' ']);
});

it('a plain margin is left out but for some air', () => {
  const width = 40;
  const page = sheet(width, 30, (x, y) => x >= 10 && x < 30 && y >= 10 && y < 20);
  expect(trimMargins(page)).toEqual({ left: 8, top: 8, width: 24, height: 14 });
});

it.each([
  ['nothing', () => false],
  ['something at the edge', (x: number) => x < 5],
])('a sheet with %s on it stays whole', (_, isInk) => {
  expect(trimMargins(sheet(20, 10, isInk))).toEqual({ left: 0, top: 0, width: 20, height: 10 });
});

function sheet(width: number, height: number, isInk: (x: number, y: number) => boolean) {
  const data = new Uint8ClampedArray(4 * width * height).fill(250);
  for (let i = 0; i < width * height; i++) {
    if (isInk(i % width, Math.floor(i / width))) data.fill(20, 4 * i, 4 * i + 3);
  }
  return { width, height, data };
}
