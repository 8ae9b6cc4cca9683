// The boundaries of docs/architecture.md, "Folders", held by `npm run boundaries`.

/** Domains from the ground up: each may import those before it, through their index.ts. */
const DOMAINS = [
  'shared',
  'calendar',
  'config',
  'database',
  'http',
  'pages',
  'access',
  'contacts',
  'events',
  'consent',
  'audience',
  'pressure',
  'gate',
  'templates',
  'channels',
  'scenarios',
  'engine',
  'census',
  'webhooks',
  'dispatch',
  'explain',
  'preferences',
  'campaigns',
  'tracking',
  'rights',
  'rehearsal',
  'reporting',
  'sample',
  'cli',
];

/** Folders that are shells as a whole: processes, settings, connections. */
const SHELLS = ['cli', 'config', 'database', 'http'];
/** `channels` too, but its port is a plain file that others may use. */
const NOT_PURE = [...SHELLS, 'channels'];
const SUFFIXES = ['schema', 'entity', 'store', 'service', 'worker', 'controller', 'module', 'filter', 'guard', 'port'];

/** Plain .ts files of the other folders. */
const PURE = {
  path: '^src/[^/]+/.*\\.ts$',
  pathNot: [`^src/(?:${NOT_PURE.join('|')})/`, `\\.(?:${SUFFIXES.join('|')})\\.ts$`, '/sql/', '/index\\.ts$'],
};
const OUTSIDE_WORLD =
  '^(?:node:)?(?:fs|net|http|https|http2|tls|dns|dgram|child_process|cluster|worker_threads|os|process|timers|readline|repl|vm)(?:/|$)';

/** Libraries with one home. */
const ONLY_HERE = {
  calendar: ['rrule', 'date-holidays', 'temporal-polyfill'],
  templates: ['handlebars', 'mjml', 'html-to-text'],
  channels: ['nodemailer'],
  scenarios: ['xstate'],
  database: ['pg'],
  tracking: ['smtp-server', 'postal-mime', 'imapflow'],
};

const packages = (names) => `(?:^|node_modules/)(?:@types/)?(?:${names.join('|')})(?:/|$)`;

/** What others may import of a domain; a server of one's own is a domain within `database`. */
const INDEX = '^src/(?:[^/]+|database/embedded)/index\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'A file nobody imports is dead.',
      severity: 'error',
      from: { orphan: true, pathNot: ['^src/main\\.ts$', '^src/cli/.*\\.mjs$'] },
      to: {},
    },
    {
      name: 'domains-through-their-index',
      comment: 'Another domain is imported through its index.ts only.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/shared/', INDEX] },
    },
    {
      name: 'root-through-index',
      comment: 'main.ts and app.module.ts import domains through their index.ts only.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/shared/', INDEX] },
    },
    ...DOMAINS.map((domain, at) => ({
      name: `order-of-domains-${domain}`,
      comment: `${domain} may import only the domains before it.`,
      severity: 'error',
      from: { path: `^src/${domain}/` },
      to: { path: `^src/(?:${DOMAINS.slice(at + 1).join('|') || '-'})/` },
    })),
    {
      name: 'domains-have-a-place',
      comment: 'A new folder gets its place in DOMAINS above.',
      severity: 'error',
      from: { path: `^src/(?!(?:${DOMAINS.join('|')})/)[^/]+/` },
      to: {},
    },
    {
      name: 'root-stays-on-top',
      comment: 'Only the command line starts the service.',
      severity: 'error',
      from: { path: '^src/(?!cli/)[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'pure-imports-no-shell',
      comment:
        'Plain .ts files are functions of values: they import no store, service, worker, controller, entity or module.',
      severity: 'error',
      from: PURE,
      to: {
        path: [
          '\\.(?:store|service|worker|controller|module|entity|filter|guard)\\.ts$',
          '/sql/',
          `^src/(?:${SHELLS.join('|')})/`,
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'pure-touches-nothing',
      comment: 'Plain .ts files do no I/O: no files, network, processes or timers.',
      severity: 'error',
      from: PURE,
      to: { path: OUTSIDE_WORLD },
    },
    {
      name: 'pure-knows-no-framework',
      severity: 'error',
      from: PURE,
      to: {
        path: packages(['@nestjs', 'typeorm', 'fastify', 'pino', 'prom-client', 'pg', 'nodemailer']),
        dependencyTypesNot: ['type-only'],
      },
    },
    ...Object.entries(ONLY_HERE).map(([domain, libraries]) => ({
      name: `only-in-${domain}`,
      comment: `${libraries.join(', ')}: only in ${domain}/.`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/${domain}/` },
      to: { path: packages(libraries) },
    })),
    {
      name: 'no-development-dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/@types/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.build.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js'],
    },
    skipAnalysisNotInRules: true,
  },
};
