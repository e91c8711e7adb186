/** A server of files, on this machine only, for one browser. */

import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { extname, normalize } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Site {
  /** Contents by path, such as "/index.html". */
  readonly contents: Map<string, Uint8Array | string>;
  /** Folders, ending in a slash, by the path that they are served under, which does too. */
  readonly folders: ReadonlyMap<string, string>;
}

export interface RunningServer {
  /** Without a slash at the end. */
  readonly origin: string;
  /** Calls `take` with what a page posts, to whichever address, and no longer the one before. */
  onPost(take: (body: string) => void): void;
  close(): Promise<void>;
}

export async function serve(site: Site): Promise<RunningServer> {
  let takePost: (body: string) => void = () => {};
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      void text(request).then((body) => {
        response.writeHead(204).end();
        takePost(body);
      });
      return;
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    void answer(site, decodeURIComponent(pathname), response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    onPost: (take) => {
      takePost = take;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

async function answer(site: Site, path: string, response: ServerResponse): Promise<void> {
  const content = site.contents.get(path) ?? (await readServed(site.folders, path));
  response.writeHead(content === undefined ? 404 : 200, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    // Nothing of one model is there already when the next one is loaded.
    'cache-control': 'no-store',
    // A page that is isolated from others has the finer clock.
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
  response.end(content);
}

/** Undefined where no folder has such a file. */
async function readServed(
  folders: ReadonlyMap<string, string>,
  path: string,
): Promise<Uint8Array | undefined> {
  const prefix = [...folders.keys()].find((candidate) => path.startsWith(candidate));
  const folder = prefix === undefined ? undefined : folders.get(prefix);
  if (prefix === undefined || folder === undefined || normalize(path) !== path) return undefined;
  try {
    return await readFile(folder + path.slice(prefix.length));
  } catch {
    return undefined;
  }
}
