/**
 * Compiles two models of PP-OCR to WebGPU modules and serves the page that runs them.
 *
 * `--port` is 8123 unless given; 0 is any that is free.
 */

import { parseArgs } from 'node:util';
import { buildSite } from './build-site.js';
import { serve } from './serve.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8123' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  throw new RangeError(`--port takes a number from 0 to 65535, not "${values.port}".`);
}

console.log('Compiling the models…');
const site = await buildSite();
const address = await serve(site, port).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${port} is taken. Choose another: npm start -w examples/webgpu -- --port 0`);
  process.exit(1);
});
console.log(`The page is at ${address}  (Ctrl+C ends it)`);
