// The walls between the packages: who may import whom. See the code map in docs/ for the reasons.
// A package that is not named here may import nothing of ours.
const mayImport = {
  ir: [],
  onnx: ['ir'],
  passes: ['ir'],
  kernel: ['ir'],
  emit: [],
  'codegen-js': ['emit', 'ir', 'kernel'],
  'codegen-wasm': ['emit', 'ir', 'kernel'],
  'codegen-wgsl': ['emit', 'ir', 'kernel'],
  zoo: ['ir', 'onnx'],
};
// The compiler sits on top of everything that takes part in compiling.
mayImport.compiler = Object.keys(mayImport).filter((name) => name !== 'zoo');

const walls = Object.entries(mayImport).map(([name, allowed]) => ({
  name: `wall-${name}`,
  comment: `packages/${name} may import ${allowed.length ? allowed.join(', ') : 'nothing'} of ours.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: {
    path: '^(packages|apps|examples|bench)/',
    pathNot: `^packages/(${[name, ...allowed].join('|')})/`,
  },
}));

const known = Object.keys(mayImport).join('|');

module.exports = {
  forbidden: [
    ...walls,
    {
      name: 'wall-unnamed-package',
      comment: 'A new package imports nothing of ours until it has a row in the table above.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/', pathNot: `^packages/(${known})/` },
      to: { path: '^(packages|apps|examples|bench)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'codegen-takes-only-types-of-ir',
      comment: 'A code generator reads a Program; of the graph it knows only the types.',
      severity: 'error',
      from: { path: '^packages/codegen-[^/]+/src/' },
      to: { path: '^packages/ir/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'packages-not-to-apps',
      comment: 'Apps, examples and benches are leaves: nothing imports them.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|examples|bench)/' },
    },
    {
      name: 'no-node-builtin-in-packages',
      comment: 'Packages run in a browser too: no node: import in their sources.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'public-entry-points-only',
      comment:
        'Other packages are imported by name, never by a path into their sources; tests share helpers.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|apps/[^/]+|examples/[^/]+|bench)/' },
      to: {
        path: '^(packages/[^/]+|apps/[^/]+|examples/[^/]+|bench)/',
        pathNot: ['^$1/', '^packages/[^/]+/src/index[.]ts$', '^packages/[^/]+/test/'],
      },
    },
    {
      name: 'sources-not-to-tests',
      severity: 'error',
      from: { path: '/src/' },
      to: { path: '/test/', pathNot: 'node_modules' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-dependencies-only',
      comment:
        'What sources import stands in the dependencies of their own package.json. The decoder of ' +
        'packages/onnx and the printer of packages/emit are bundled into their builds, so users ' +
        'install neither; and the script that bundles the printer runs before publishing only.',
      severity: 'error',
      from: {
        path: '^(packages|apps|examples|bench)/',
        pathNot: [
          '/test/|[.]config[.]ts$',
          '^packages/onnx/src/proto[.]ts$',
          '^packages/emit/src/load-ts-morph[.]ts$',
          '^packages/emit/scripts/bundle-ts-morph[.]mjs$',
        ],
      },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: [
        '^(packages|apps|examples)/.*/(dist|goldens|fixtures|generated)/',
        '^bench/(dist|results)/',
      ],
    },
    tsPreCompilationDeps: 'specify',
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
