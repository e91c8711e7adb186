/** Pages in a real browser that may run scripts of their own origin and nothing else. */

import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Whether there is a Chromium: without one suites skip, and say so; CI must have it. */
export const hasChromium: boolean = existsSync(executablePath) || Boolean(process.env.CI);
if (!hasChromium) console.warn(`skipped: no Chromium at ${executablePath}`);

export interface GpuPages {
  /**
   * Opens a page with these files, by path, and gives what its script is worth: the text of a module
   * that calls `done(result)` once. Results are JSON.
   * @throws where the script does, the policy forbids something, or a resource is missing.
   */
  run(script: string, files: Readonly<Record<string, Uint8Array>>): Promise<unknown>;
  close(): Promise<void>;
}

export async function openGpuPages(): Promise<GpuPages> {
  let contents: Readonly<Record<string, Uint8Array | string>> = {};
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const body = Object.hasOwn(contents, path) ? contents[path] : undefined;
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': path.endsWith('.js')
        ? 'text/javascript'
        : path === '/'
          ? 'text/html'
          : 'application/octet-stream',
      'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'",
      'cache-control': 'no-store',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  return {
    run: async (script, files) => {
      contents = { ...files, '/': page, '/page.js': `${preamble}${script}` };
      const tab = await browser.newPage();
      try {
        const complaints: string[] = [];
        tab.on('pageerror', (error) => complaints.push(String(error.stack)));
        tab.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text());
        });
        await tab.goto(`http://127.0.0.1:${port}/`);
        const text = await tab
          .locator('pre:not(:empty)')
          .textContent({ timeout: 90_000 })
          .catch((error: Error) => `{"failure": ${JSON.stringify(error.message)}}`);
        const { result, failure }: { result?: unknown; failure?: string } = JSON.parse(text ?? '');
        if (failure !== undefined) complaints.push(failure);
        if (complaints.length > 0) throw new Error(complaints.join('\n'));
        return result;
      } finally {
        await tab.close();
      }
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

const page =
  '<!doctype html><title>Whittle</title><script type="module" src="/page.js"></script><pre></pre>';

/** A rejection that nobody handles is a failure. */
const preamble = `
const show = (value) => {
  const pre = document.querySelector('pre');
  pre.textContent ||= JSON.stringify(value);
};
const done = (result) => show({ result });
addEventListener('error', ({ message }) => show({ failure: message }));
addEventListener('unhandledrejection', ({ reason }) => show({ failure: String(reason?.stack) }));
`;

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
