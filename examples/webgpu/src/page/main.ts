/**
 * The page: opens the GPU and the networks, then reads each picture that a person chooses. While one is
 * being read the next one waits, and only the newest of those that wait is read.
 */

import { drawTyped, samples } from './draw-samples.js';
import { contextOf } from './fit-picture.js';
import { openGpu, Unavailable } from './open-gpu.js';
import { type NetworkTimes, openReader, type Reader } from './open-reader.js';
import { byId, clearTimes, showReading, showTimes } from './show-result.js';

/** In pixels; larger pictures are made smaller, since the networks see 48 rows. */
const longestSide = 1600;
const timedRuns = 20;

let reader: Reader | undefined;
let shown: HTMLCanvasElement | undefined;
let next: HTMLCanvasElement | undefined;
let isBusy = false;

listenToFiles();
listenToTyping();
const buttons = addSamples();
byId('measure').addEventListener('click', () => void measure());
await open();

async function open(): Promise<void> {
  try {
    say('Looking for a GPU…');
    const { device, name } = await openGpu();
    byId('adapter').textContent = name;
    void device.lost.then(({ message }) => {
      reader = undefined;
      showProblem(new Unavailable('The GPU was lost.', `Reload the page. ${message}`));
    });
    say('Fetching the networks and compiling their shaders…');
    reader = await openReader(device);
    showTimes('load', reader.loadMilliseconds);
    byId('result').hidden = false;
    byId('times').hidden = false;
    if (next === undefined) buttons[0]?.click();
    else await readNewest();
  } catch (error) {
    showProblem(error);
  }
}

function choose(picture: HTMLCanvasElement, from?: HTMLButtonElement): void {
  for (const button of buttons) button.setAttribute('aria-pressed', String(button === from));
  next = picture;
  void readNewest();
}

async function readNewest(): Promise<void> {
  if (isBusy || reader === undefined) return;
  isBusy = true;
  try {
    while (next !== undefined) {
      const picture = next;
      next = undefined;
      say('Reading…');
      const reading = await reader.read(picture);
      shown = picture;
      picture.setAttribute('role', 'img');
      picture.setAttribute('aria-label', 'The picture that you chose');
      byId('picture').replaceChildren(picture);
      showReading(reading);
      clearTimes('median');
      hideProblem();
      say('');
    }
  } catch (error) {
    showProblem(error);
  } finally {
    isBusy = false;
  }
}

/** The median of some runs, one after the other, of what is shown. */
async function measure(): Promise<void> {
  if (isBusy || reader === undefined || shown === undefined) return;
  isBusy = true;
  try {
    const times: NetworkTimes[] = [];
    for (let i = 1; i <= timedRuns; i++) {
      say(`Run ${i} of ${timedRuns}…`);
      times.push((await reader.read(shown)).milliseconds);
    }
    showTimes('median', {
      direction: median(times.map(({ direction }) => direction)),
      recognition: median(times.map(({ recognition }) => recognition)),
    });
    say('');
  } catch (error) {
    showProblem(error);
  } finally {
    isBusy = false;
  }
  await readNewest();
}

function addSamples(): HTMLButtonElement[] {
  const made = samples.map(({ name, draw }) => {
    const button = document.createElement('button');
    button.type = 'button';
    const label = document.createElement('span');
    label.textContent = name;
    button.append(draw(), label);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => choose(draw(), button));
    return button;
  });
  byId('samples').append(...made);
  return made;
}

function listenToTyping(): void {
  const typed = byId('typed', HTMLInputElement);
  typed.addEventListener('input', () => {
    if (typed.value.trim() !== '') choose(drawTyped(typed.value.trim()));
  });
}

/** By the file input, dropped anywhere on the page, or pasted. */
function listenToFiles(): void {
  const input = byId('file', HTMLInputElement);
  input.addEventListener('change', () => {
    void chooseFile(input.files?.[0]);
    // Or else the same file cannot be chosen again.
    input.value = '';
  });
  addEventListener('dragover', (event) => {
    event.preventDefault();
    document.body.classList.add('drop');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) document.body.classList.remove('drop');
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    document.body.classList.remove('drop');
    void chooseFile(event.dataTransfer?.files[0]);
  });
  addEventListener('paste', (event) => {
    const file = event.clipboardData?.files[0];
    if (file !== undefined) void chooseFile(file);
  });
}

async function chooseFile(file: File | undefined): Promise<void> {
  if (file === undefined) return;
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    choose(drawImage(image));
  } catch {
    showProblem(
      new Unavailable(`"${file.name}" is no image that this browser can read.`, 'Choose another.'),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** What is transparent becomes white. */
function drawImage(image: HTMLImageElement): HTMLCanvasElement {
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(1, longestSide / Math.max(naturalWidth, naturalHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  const context = contextOf(canvas);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function say(text: string): void {
  byId('status').textContent = text;
}

function showProblem(error: unknown): void {
  say('');
  byId('problem').hidden = false;
  byId('problem-message').textContent = error instanceof Error ? error.message : String(error);
  byId('problem-advice').textContent = error instanceof Unavailable ? error.advice : '';
}

function hideProblem(): void {
  byId('problem').hidden = true;
}
