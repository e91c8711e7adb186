/**
 * Runs a function in a page of a real Chromium without a window. Nothing inspects the page: a browser
 * under inspection keeps what pages fetch, which blocks their main thread for tens of milliseconds at
 * the end of each large file. So the page itself posts what it has to say to its server.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Message } from './page/post-messages.js';
import type { RunningServer, Site } from './serve.js';
import type { Adapter } from './webgpu-settings.js';

/** Where the pages come from, and what they compute on. */
export interface Stage {
  readonly site: Site;
  readonly server: RunningServer;
  readonly adapter: Adapter;
}

export interface PageCall {
  /** The address of a module on the site. */
  readonly module: string;
  /** Which of its functions is called, with the argument and a function that takes words on progress. */
  readonly name: string;
  /** Plain data. */
  readonly argument: unknown;
  /** A map of imports for the page, as JSON. */
  readonly importMap: string;
  /** The address of the module `post-messages`. */
  readonly messages: string;
}

/**
 * What the function gives, as plain data. The browser is a process of its own and ends with the call.
 * @throws {Error} where the function throws, or the browser ends before it has given anything.
 */
export async function runPage(stage: Stage, call: PageCall): Promise<unknown> {
  const profile = await mkdtemp(join(tmpdir(), 'whittle-chromium-'));
  stage.site.contents.set('/index.html', pageOf(call));
  const result = resultOf(stage.server);
  const browser = startChromium(stage, profile);
  try {
    return await Promise.race([result, failureOf(browser)]);
  } finally {
    await end(browser);
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function pageOf({ module, name, argument, importMap, messages }: PageCall): string {
  const text = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
  return [
    '<!doctype html><title>Whittle</title>',
    // Or else the browser asks for one.
    '<link rel="icon" href="data:,">',
    `<script type="importmap">${importMap}</script>`,
    '<script type="module">',
    `import { postMessages } from ${text(messages)};`,
    `await postMessages(${text(module)}, ${text(name)}, ${text(argument)});`,
    '</script>',
  ].join('\n');
}

/** Words on progress go to stderr until there is a result. */
function resultOf(server: RunningServer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    server.onPost((body) => {
      const message: Message = JSON.parse(body);
      if ('progress' in message) process.stderr.write(message.progress);
      else if ('error' in message) reject(new Error(message.error));
      else resolve(message.result);
    });
  });
}

function startChromium({ server, adapter }: Stage, profile: string): ChildProcess {
  const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const args = [
    '--headless=new',
    '--no-sandbox',
    '--no-first-run',
    '--mute-audio',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--enable-unsafe-webgpu',
    '--enable-features=Vulkan',
    ...(adapter === 'swiftshader' ? ['--use-webgpu-adapter=swiftshader'] : []),
    // Without one, a browser that has no window ends when it has loaded the page.
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    `${server.origin}/index.html`,
  ];
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Rejects when the browser ends or does not start, with the last of what it said. */
function failureOf(browser: ChildProcess): Promise<never> {
  let said = '';
  browser.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  return new Promise((_, reject) => {
    browser.on('error', reject);
    browser.on('exit', () =>
      reject(new Error(`Chromium ended before the page had a result.\n${said}`)),
    );
  });
}

async function end(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null) return;
  const ended = new Promise((resolve) => {
    browser.once('exit', resolve);
  });
  browser.kill();
  await ended;
}
