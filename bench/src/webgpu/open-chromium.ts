/** Chromium without a window, with WebGPU on an adapter in software or of the machine. */

import { type Browser, chromium, type Page } from 'playwright-core';

import type { Adapter } from './webgpu-settings.js';

export function openChromium(adapter: Adapter): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--enable-unsafe-webgpu',
      '--enable-features=Vulkan',
      '--no-sandbox',
      ...(adapter === 'swiftshader' ? ['--use-webgpu-adapter=swiftshader'] : []),
    ],
  });
}

/** What the page says goes to stderr: progress, which is of level debug, and lines of trouble. */
export function forwardConsole(page: Page): void {
  page.on('console', (message) => {
    if (message.type() === 'debug') process.stderr.write(message.text());
    else if (message.type() === 'error') process.stderr.write(`\n${message.text()}\n`);
  });
  page.on('pageerror', (error) => {
    process.stderr.write(`\n${error.message}\n`);
  });
}
