// The import rules of docs/architecture.md, section "Import rules", as dependency-cruiser rules: one row a folder, what it
// may import, nothing else. Checked by `npm run boundaries`, which also demands that modules were found, and tested on
// planted violations in tests/unit/tooling/boundaries.test.ts.

const CODE = '^(core|native-workers|electron|renderer|tests|scripts)/';
const core = (...names) => names.map((name) => `^core/${name}/`);

/** The parts of core whose values and types a screen shows (ADR 4): never venues, formats or books. */
const SHOWN = core('contract', 'model', 'units', 'frames', 'view', 'util');

/**
 * Each row: the folders it is for, the parts of the project they may import, and the npm packages they may import.
 * A folder may always import itself. `types` are reached by `import type` only.
 */
const ROWS = [
  { from: '^core/util/', may: [] },
  { from: '^core/units/', may: core('util') },
  { from: '^core/(model|clock)/', may: core('util', 'units') },
  { from: '^core/(venues/[^/]+|formats/[^/]+|venues|formats|book|view|frames|replay)/', may: core('util', 'units', 'model', 'clock') },
  { from: '^core/(flow|metrics)/', may: core('util', 'units', 'model', 'clock', 'book') },
  { from: '^core/contract/', may: [], types: core('model', 'view', 'frames'), npm: ['zod'] },
  { from: '^core/rpc/', may: core('contract', 'util'), npm: ['zod'] },
  { from: '^native-workers/protocol/', may: ['^core/'], node: true },
  { from: '^native-workers/(book|import)/', may: ['^native-workers/protocol/', '^core/'], node: true },
  { from: '^native-workers/store/', may: ['^native-workers/protocol/', '^core/'], node: true, npm: ['@duckdb/[^/]+', 'better-sqlite3'] },
  { from: '^native-workers/host/', may: ['^native-workers/protocol/', '^core/'], node: true },
  { from: '^electron/host/', may: ['^core/', '^native-workers/(protocol|host)/'], node: true },
  { from: '^electron/main/', may: ['^electron/host/', ...core('contract', 'rpc')], node: true, npm: ['electron'] },
  { from: '^electron/(headless|cli)/', may: ['^electron/(host|headless)/', ...core('contract', 'rpc')], node: true, npm: ['ws'] },
  { from: '^electron/preload/', may: [], npm: ['electron'] },
  {
    from: '^renderer/(charts|loop|frames)/',
    may: ['^renderer/(charts|loop|frames)/', ...core('units', 'model', 'view', 'frames', 'util')],
  },
  {
    from: '^renderer/gl/',
    may: ['^renderer/(charts|loop|frames)/', ...core('units', 'model', 'view', 'frames', 'util')],
    npm: ['regl'],
  },
  { from: '^renderer/(state|client)/', may: ['^renderer/(state|client)/', ...core('contract', 'rpc', 'model', 'units')], npm: ['zustand'] },
  { from: '^renderer/panels/', may: ['^renderer/(?!gl/)', ...SHOWN], npm: ['react', 'react-dom', 'zustand'] },
  { from: '^renderer/(components|app|[^/]+$)', may: ['^renderer/', ...SHOWN], npm: ['react', 'react-dom', 'zustand', '@fontsource/[^/]+'] },
];

/**
 * Folders with one door: from elsewhere only their index may be imported. Worker entries are named by URL, not imported.
 * The renderer's root files (main.tsx) are no folder and may be imported by nobody.
 */
const DOORED = 'core/venues/[^/]+|core/formats/[^/]+|core/[^/]+|native-workers/[^/]+|electron/[^/]+|renderer/[^/]+';

const escapeName = (from) => from.replace(/[^a-z]+/gi, '-').replace(/^-|-$/g, '');
/** Own folder: the first capture group of the row's pattern, widened to the whole matched path. */
const whole = (from) => (from.includes('[^/]+$') ? from : `^(${from.slice(1)})`);

function rulesOf({ from, may, types = [], npm = [], node = false }) {
  const name = escapeName(from);
  const path = whole(from);
  const rules = [
    {
      name: `${name}-imports`,
      comment: `may import only its own folder${may.length > 0 ? ` and ${may.join(', ')}` : ''}`,
      severity: 'error',
      from: { path },
      to: { path: CODE, pathNot: ['^$1', ...may, ...types] },
    },
    {
      name: `${name}-packages`,
      comment: npm.length > 0 ? `may import only these packages: ${npm.join(', ')}` : 'may import no package',
      severity: 'error',
      from: { path },
      to: { path: 'node_modules/', pathNot: npm.map((one) => `node_modules/(@types/)?${one}/`) },
    },
  ];
  if (!node) {
    rules.push({ name: `${name}-node`, comment: 'knows no Node', severity: 'error', from: { path }, to: { dependencyTypes: ['core'] } });
  }
  if (types.length > 0) {
    rules.push({
      name: `${name}-types-only`,
      comment: `imports only types of ${types.join(', ')}`,
      severity: 'error',
      from: { path },
      to: { path: types, dependencyTypesNot: ['type-only'] },
    });
  }
  return rules;
}

export default {
  forbidden: [
    ...ROWS.flatMap(rulesOf),
    {
      name: 'one-door',
      comment: 'each folder has one door: import its index',
      severity: 'error',
      from: { path: `^(${DOORED})/` },
      to: { path: `^(${DOORED})/`, pathNot: ['^$1/', '/index\\.tsx?$', '\\.(css|svg|json)$'] },
    },
    {
      name: 'no-cycles',
      comment: 'no import cycles at run time',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'every import resolves to something',
      severity: 'error',
      from: { pathNot: '^tests/bench/' },
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
    {
      name: 'electron-only-in-main-and-preload',
      comment: 'only main, preload and the test double of electron know it',
      severity: 'error',
      from: { pathNot: ['^electron/(main|preload)/', '^tests/'] },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'production-never-imports-tests',
      severity: 'error',
      from: { path: '^(core|native-workers|electron|renderer)/' },
      to: { path: '^(tests|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.d\\.ts$|^(dist|coverage|tests/bench/node_modules|scripts/packaging/node_modules)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
