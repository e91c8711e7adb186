// Writes dist/ts-morph.js: ts-morph with only the part that prints modules from structures.
//
// The published ts-morph loads all of TypeScript: type checker, emitter, language service and the text of
// every lib.d.ts, about 75 MB of memory and 0.9 s of processor time before the first line is printed. Printing
// needs the structure printers, the scanner and the parser. This script cuts TypeScript down to those, source
// section by source section (typescript.js marks each with "// src/..."), and bundles the rest into one ES module
// without imports, so that it also loads in a browser. What is cut away throws when called.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const exported = [
  'IndentationText',
  'Project',
  'QuoteKind',
  'StructureKind',
  'VariableDeclarationKind',
];

const output = fileURLToPath(new URL('../dist/ts-morph.js', import.meta.url));
const intermediate = `${output}.typescript.mjs`;
const requireHere = createRequire(import.meta.url);
const tsMorphFile = requireHere.resolve('ts-morph');
const requireThere = createRequire(tsMorphFile);
const commonFile = requireThere.resolve('@ts-morph/common');
const typescriptFile = path.join(path.dirname(commonFile), 'typescript.js');

const banner = `/*!
 * Holds parts of ts-morph, @ts-morph/common and code-block-writer (MIT, Copyright David Sherret), of
 * path-browserify (MIT, Copyright James Halliday and contributors) and of TypeScript (Apache-2.0,
 * Copyright Microsoft Corporation), cut down and minified.
 */`;

/** Sections of typescript.js that no printed module needs. */
const droppedSections = new RegExp(
  `^// src/(?:${[
    'server/',
    'deprecatedCompat/',
    'jsTyping/',
    'typingsInstallerCore/',
    'typescript/',
    'services/(?!types\\.|utilities\\.|services\\.|documentRegistry\\.|formatting/)',
    'compiler/_namespaces/',
    'compiler/transformers/',
    'compiler/(?:binder|builder|checker|emitter|executeCommandLine|expressionToTypeNode|moduleSpecifiers|nameResolver)',
    'compiler/(?:program|resolutionCache|sourcemap|symbolWalker|transformer|tsbuild|visitorPublic|watch)',
  ].join('|')})`,
);

/** Functions of TypeScript whose calls at the top level only fill tables; unused results may go. */
const pureFunctions = [
  'arrayToNumericMap',
  'combinePaths',
  'createMultiMap',
  'createTextChangeRange',
  'flatten',
  'getLocaleSpecificMessage',
  'makeReverseMap',
  'mapDefined',
  'optionDeclarations.filter',
  'optionsForWatch.filter',
  'timestamp',
  'tryGetPerformanceHooks',
];

const treeshake = {
  manualPureFunctions: pureFunctions,
  propertyReadSideEffects: false,
  unknownGlobalSideEffects: false,
};

/** The messages of the parser are never shown: each becomes its own key. */
const diagnostics = `var Diagnostics = new Proxy({}, {
  get: (_, key) => ({ code: 0, category: 1, key: String(key), message: String(key) }),
});
`;

function memberNames(source, pattern) {
  return [...source.matchAll(pattern)].map((match) => match[1] ?? '');
}

function between(text, open, close, from = 0) {
  const start = text.indexOf(open, from);
  const end = text.indexOf(close, start + open.length);
  if (start < 0 || end < 0) throw new Error(`typescript.js has changed: ${open} not found`);
  return { start, inner: text.slice(start + open.length, end), end: end + close.length };
}

function slimTypescript(source, used) {
  const wrapper = 'var ts = {}; ((module) => {';
  const closing = source.lastIndexOf('0 && (module.exports');
  const table = between(source, '__export(typescript_exports, {', '});');
  const publicNames = new Map(
    [...table.inner.matchAll(/(\w+): \(\) => (\w+)/g)].map(([, name, local]) => [name, local]),
  );
  const start = between(source, wrapper, '\n').start + wrapper.length;
  const head = source.slice(start, table.start);
  const body = source
    .slice(table.end, closing)
    .replace('module.exports = __toCommonJS(typescript_exports);', '');
  const sections = (head + body).split(/^(?=\/\/ src\/)/m);
  const kept = sections
    .filter((section) => !droppedSections.test(section))
    .map((section) =>
      section.startsWith('// src/compiler/diagnosticInformationMap') ? diagnostics : section,
    )
    .join('');
  const exports = used
    .filter((name) => publicNames.has(name))
    .map((name) => exportLine(name, publicNames.get(name), kept));
  // Without "require" TypeScript behaves as in a browser and asks for no file system.
  return `var require;\n${kept}\n${exports.join('\n')}\n`;
}

function exportLine(name, local, kept) {
  if (name === 'createLanguageService')
    return `function none_${name}() { return {}; }\nexport { none_${name} as ${name} };`;
  if (new RegExp(`^(?:function|var|const|let|class) ${local}\\b`, 'm').test(kept))
    return `export { ${local} as ${name} };`;
  return `function none_${name}() { throw new Error('${name} is not part of this build'); }\nexport { none_${name} as ${name} };`;
}

const replacements = {
  name: 'slim-ts-morph',
  resolveId(id) {
    if (id === 'ts-morph') return tsMorphFile;
    if (id === '@ts-morph/common') return commonFile;
    if (id.endsWith('/typescript')) return intermediate;
    if (id === 'node:path') return requireThere.resolve('path-browserify');
    if (/^(?:node:|fs$|os$|minimatch$|tinyglobby$)/.test(id)) return `\0absent:${id}`;
    return undefined;
  },
  async load(id) {
    if (id === '\0entry') return `export { ${exported.join(', ')} } from 'ts-morph';`;
    if (id.startsWith('\0absent:')) return 'export default {};';
    if (id === commonFile) {
      const source = await readFile(id, 'utf8');
      const libraries = between(source, 'const libFiles = [', '\n    }];');
      return `${source.slice(0, libraries.start)}const libFiles = [];${source.slice(libraries.end)}`;
    }
    return undefined;
  },
};

async function bundle(input, file, options) {
  const build = await rolldown({
    input,
    platform: 'neutral',
    logLevel: 'silent',
    treeshake,
    ...options.input,
  });
  const { banner, comments, minify } = options;
  await build.write({
    file,
    format: 'esm',
    comments,
    minify,
    ...(banner ? { postBanner: banner } : {}),
  });
  await build.close();
}

const [tsMorph, common, typescript] = await Promise.all(
  [tsMorphFile, commonFile, typescriptFile].map((file) => readFile(file, 'utf8')),
);
const used = [
  ...new Set([
    ...memberNames(tsMorph, /common\.ts\.([A-Za-z_]\w*)/g),
    ...memberNames(common, /\bts(?:__namespace)?\.([A-Za-z_]\w*)/g),
  ]),
].sort();
await mkdir(path.dirname(output), { recursive: true });
await writeFile(intermediate, slimTypescript(typescript, used));
await bundle(intermediate, intermediate, { minify: false, comments: false });
await bundle({ 'ts-morph': 'slim:entry' }, output, {
  minify: true,
  comments: false,
  banner,
  input: {
    plugins: [
      { name: 'entry', resolveId: (id) => (id === 'slim:entry' ? '\0entry' : undefined) },
      replacements,
    ],
  },
});
await rm(intermediate);

const { Project, StructureKind } = await import(pathToFileURL(output).href);
const probe = new Project({
  useInMemoryFileSystem: true,
  skipLoadingLibFiles: true,
}).createSourceFile('probe.ts', {
  statements: [
    { kind: StructureKind.Function, name: 'probe', isExported: true, statements: ['return 1;'] },
  ],
});
if (!probe.getFullText().startsWith('export function probe() {'))
  throw new Error('The slim ts-morph does not print.');
