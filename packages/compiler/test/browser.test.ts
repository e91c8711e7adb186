/**
 * The emitted module in a real browser: served over HTTP to a page whose policy allows scripts from
 * its own origin and, where there is any, WebAssembly, but nothing else, it loads, fetches what lies
 * beside it and computes what it computes here. WebAssembly does so to the bit where it is handed in
 * compiled, and to rounding where `load` compiles it, which fuses sums.
 *
 * Needs Chromium at /usr/bin/chromium or $CHROMIUM; CI must have it, elsewhere the test says so.
 */

import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importModule, loadOptions } from '../../codegen-js/test/load-module.js';
import { relaxedModule } from '../../codegen-wasm/test/fused-form.js';
import { compile, type Target } from '../src/index.js';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const hasChromium = existsSync(executablePath);
if (!hasChromium && !process.env.CI) console.warn(`skipped: no Chromium at ${executablePath}`);

/** Which scripts a page has to allow for each target, and the options with which it makes its models. */
const targets: readonly { target: Target; scripts: string; options: string }[] = [
  { target: 'js', scripts: "'self'", options: '[{}]' },
  {
    target: 'wasm',
    scripts: "'self' 'wasm-unsafe-eval'",
    options: `[
      { wasm: await WebAssembly.compile(await (await fetch('/model.wasm')).arrayBuffer()) },
      {},
    ]`,
  },
];
const page =
  '<!doctype html><title>Whittle</title><script type="module" src="/page.js"></script><pre></pre>';
const scriptWith = (options: string): string => `
  import { load, inputs } from '/model.js';
  let evaluated = 'no';
  try { evaluated = new Function('return "yes"')(); } catch {}
  const [{ name, dims }] = inputs;
  const feed = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  for (let i = 0; i < feed.length; i++) feed[i] = Math.fround(Math.sin(i / 37));
  const outputs = [];
  for (const options of ${options}) {
    outputs.push(Array.from((await load(options)).run({ [name]: feed }).output.data));
  }
  const fuses = WebAssembly.validate(new Uint8Array([${relaxedModule}]));
  const result = { evaluated, outputs, fuses };
  document.querySelector('pre').textContent = JSON.stringify(result);
`;

describe.each(targets)('MobileNetV2 at 224 as $target', ({ target, scripts, options }) => {
  let files: Map<string, Uint8Array>;
  let browser: Browser | undefined;
  let server: Server | undefined;

  beforeAll(async () => {
    ({ files } = await compile(exportOnnx(findModel('mobilenet-v2').build()), { target }));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('is at most 40 KB of code, gzipped', () => {
    const code = ['model.js', 'model.wasm'].map((name) => gzipSync(files.get(name) ?? '').length);
    expect(code.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(40 * 1024);
  });

  it.runIf(hasChromium || process.env.CI)(
    `runs in Chromium under script-src ${scripts}, with the results it has in Node`,
    async () => {
      const contents = { ...Object.fromEntries(files), 'page.js': scriptWith(options), '': page };
      server = serve(contents, `default-src 'none'; script-src ${scripts}; connect-src 'self'`);
      await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      browser = await chromium.launch({ executablePath, args: chromiumFlags });
      const tab = await browser.newPage();
      const complaints: string[] = [];
      tab.on('pageerror', (error) => complaints.push(error.message));
      await tab.goto(`http://127.0.0.1:${port}/`);
      const text = await tab
        .locator('pre:not(:empty)')
        .textContent({ timeout: 60_000 })
        .catch((error: Error) => expect.unreachable([error.message, ...complaints].join('\n')));
      const { evaluated, outputs, fuses } = JSON.parse(text ?? '') as PageResult;
      const [exact = [], usual = exact] = outputs;
      expect(evaluated).toBe('no');
      expect(exact).toEqual(await resultInNode(files));
      const largest = Math.max(...exact.map(Math.abs));
      for (const [i, value] of usual.entries()) {
        expect(Math.abs(value - (exact[i] ?? Number.NaN))).toBeLessThan(1e-5 * largest);
      }
      expect(usual.some((value, i) => value !== exact[i])).toBe(target === 'wasm' && fuses);
      expect(complaints).toEqual([]);
    },
  );
});

interface PageResult {
  readonly evaluated: string;
  readonly outputs: readonly (readonly number[])[];
  /** Whether the browser has relaxed SIMD. */
  readonly fuses: boolean;
}

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function serve(contents: Readonly<Record<string, Uint8Array | string>>, policy: string): Server {
  return createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    const body = Object.hasOwn(contents, name) ? contents[name] : undefined;
    const type = name.endsWith('.js')
      ? 'text/javascript'
      : name === ''
        ? 'text/html'
        : 'application/octet-stream';
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': type,
      'content-security-policy': policy,
    });
    response.end(body);
  });
}

async function resultInNode(files: ReadonlyMap<string, Uint8Array>): Promise<number[]> {
  const feed = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => Math.sin(i / 37));
  const { load } = await importModule(files);
  const bytes = files.get('model.wasm');
  const wasm = bytes && (await WebAssembly.compile(Uint8Array.from(bytes)));
  const model = await load({ ...loadOptions(files), ...(wasm && { wasm }) });
  const { output } = model.run({ input: feed });
  return Array.from((output?.data ?? []) as ArrayLike<number>);
}
