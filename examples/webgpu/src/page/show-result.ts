/** Puts a reading into the page. */

import type { NetworkTimes, Reading } from './open-reader.js';
import type { Place, Scored } from './read-scores.js';

/** The recogniser looks at the image in steps of this many columns. */
const columnsOfStep = 8;

export function showReading({ directions, places, seen, milliseconds }: Reading): void {
  byId('directions').replaceChildren(...directions.map(scoreRow));
  const strip = byId('seen');
  strip.replaceChildren(seen, marker());
  seen.setAttribute('role', 'img');
  seen.setAttribute('aria-label', 'The picture as the recogniser gets it');
  showPlaces(places, seen.width);
  showTimes('run', milliseconds);
}

export function showTimes(row: 'load' | 'run' | 'median', times: NetworkTimes): void {
  const { direction, recognition } = times;
  byId(`${row}-direction`).textContent = formatMilliseconds(direction);
  byId(`${row}-recognition`).textContent = formatMilliseconds(recognition);
  byId(`${row}-both`).textContent = formatMilliseconds(direction + recognition);
}

export function clearTimes(row: 'median'): void {
  for (const column of ['direction', 'recognition', 'both']) {
    byId(`${row}-${column}`).textContent = '–';
  }
}

/** @throws where the page has no such element, or one of another kind. */
export function byId<Kind extends HTMLElement = HTMLElement>(
  id: string,
  kind?: new () => Kind,
): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof (kind ?? HTMLElement))) throw new Error(`The page has no #${id}.`);
  return element as Kind;
}

/** The characters are radio buttons: arrow keys go from one to the next. First comes the least certain one. */
function showPlaces(places: readonly Place[], width: number): void {
  const [first] = places.toSorted((a, b) => certaintyOf(a) - certaintyOf(b));
  const characters = places.map((place) => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    input.type = 'radio';
    input.name = 'character';
    input.checked = place === first;
    input.addEventListener('change', () => showPlace(place, width));
    const character = place.classes[0]?.label ?? '';
    input.setAttribute('aria-label', character === ' ' ? 'space' : character);
    const text = document.createElement('span');
    text.textContent = character;
    text.classList.toggle('space', character === ' ');
    label.append(input, text);
    label.addEventListener('pointerenter', () => {
      input.checked = true;
      showPlace(place, width);
    });
    return label;
  });
  byId('characters').replaceChildren(...characters);
  byId('text').textContent = places.map(({ classes }) => classes[0]?.label ?? '').join('');
  byId('nothing').hidden = places.length > 0;
  byId('reading').hidden = places.length === 0;
  if (first === undefined) byId('classes').replaceChildren();
  else showPlace(first, width);
}

/** The five most probable classes at a place, and where it is in the image. */
function showPlace({ step, classes }: Place, width: number): void {
  byId('classes').replaceChildren(...classes.map(scoreRow));
  const mark = byId('marker');
  mark.style.left = `${(100 * step * columnsOfStep) / width}%`;
  mark.style.width = `${(100 * columnsOfStep) / width}%`;
}

function certaintyOf({ classes: [best] }: Place): number {
  return best?.probability ?? 0;
}

function marker(): HTMLElement {
  const mark = document.createElement('span');
  mark.id = 'marker';
  return mark;
}

function scoreRow({ label, probability }: Scored): HTMLElement {
  const row = document.createElement('li');
  const name = document.createElement('span');
  name.className = 'name';
  name.textContent = label === ' ' ? 'space' : label || 'no character';
  name.classList.toggle('word', label.trim().length !== 1);
  const bar = document.createElement('span');
  bar.className = 'bar';
  const filled = document.createElement('span');
  filled.style.width = `${100 * probability}%`;
  bar.append(filled);
  const percent = document.createElement('span');
  percent.className = 'percent';
  percent.textContent = formatPercent(probability);
  row.dataset.probability = String(probability);
  row.append(name, bar, percent);
  return row;
}

function formatPercent(probability: number): string {
  const percent = 100 * probability;
  return percent > 0 && percent < 0.01 ? '< 0.01 %' : `${percent.toFixed(2)} %`;
}

function formatMilliseconds(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds < 100 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`;
}
