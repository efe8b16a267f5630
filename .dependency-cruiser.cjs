/*
 * Who may import whom. Each rule is shown to fire by a planted violation in scripts/import-rules.test.ts.
 * Tests, contracts and their support may reach across rooms inside their own package.
 */
const inTests = '[.](test|contract|test-support|test-d)[.]ts$';
const server = '^packages/server/src/';
/** The signer's further entry points. */
const signerAdapter = '^packages/signer/dist/adapters/[^/]+[.](js|d[.]ts)$';
/** The widget's second entry point: what components around it need, without the widget. */
const widgetComponents = '^packages/widget/dist/components[.](js|d[.]ts)$';
const npm = (names) => `(^|/)node_modules/(${names})(/|$)`;

module.exports = {
  forbidden: [
    {
      name: 'protocol-is-pure',
      comment: 'protocol has no I/O, no clock, no Node: it imports itself, and its digest.',
      severity: 'error',
      from: { path: '^packages/protocol/src/', pathNot: [inTests, '/signature/digest([.]node)?[.]ts$'] },
      to: { pathNot: '^packages/protocol/(src|dist)/' },
    },
    {
      name: 'digest-imports-one-hash',
      comment: 'digest.node.ts has node:crypto, digest.ts has @noble/hashes; neither has anything else.',
      severity: 'error',
      from: { path: '^packages/protocol/src/signature/digest[.]ts$' },
      to: { pathNot: ['^packages/protocol/src/', npm('@noble/hashes')] },
    },
    {
      name: 'node-digest-imports-crypto',
      comment: 'digest.node.ts has node:crypto and nothing else.',
      severity: 'error',
      from: { path: '^packages/protocol/src/signature/digest[.]node[.]ts$' },
      to: { pathNot: ['^packages/protocol/src/', '^(node:)?crypto$'] },
    },
    {
      name: 'signer-imports-protocol',
      comment: 'The signer runs anywhere: it imports itself and protocol, no Node, no library.',
      severity: 'error',
      from: { path: '^packages/signer/src/', pathNot: inTests },
      to: { pathNot: ['^packages/signer/src/', '^packages/protocol/dist/index[.]'] },
    },
    {
      name: 'ports-import-ports',
      comment: 'A port is a promise: it knows protocol values and other ports.',
      severity: 'error',
      from: { path: `${server}ports/`, pathNot: inTests },
      to: { pathNot: [`${server}ports/`, '^packages/protocol/dist/index[.]'] },
    },
    {
      name: 'services-know-no-edge',
      comment: 'Services never see HTTP, SQL or sharp.',
      severity: 'error',
      from: { path: `${server}services/`, pathNot: inTests },
      to: {
        path: [
          `${server}(http|handlers|adapters|app|compose|config|index)(/|[.]ts$)`,
          npm('fastify|@fastify|kysely|sharp|undici|pino|tinypool|@photostructure'),
          '^(node:)?https?$',
        ],
      },
    },
    {
      name: 'handlers-call-services',
      comment: 'Handlers parse, call one service, shape the reply: no SQL, no file system, no pixels.',
      severity: 'error',
      from: { path: `${server}handlers/`, pathNot: inTests },
      to: {
        path: [
          `${server}(adapters|app|compose|index)(/|[.]ts$)`,
          npm('kysely|sharp|@photostructure|tinypool'),
          '^(node:)?fs(/promises)?$',
        ],
      },
    },
    {
      name: 'edge-knows-no-adapter-library',
      comment: 'The HTTP edge sees ports, never SQL or pixels.',
      severity: 'error',
      from: { path: `${server}http/`, pathNot: inTests },
      to: { path: npm('kysely|sharp|@photostructure|tinypool') },
    },
    {
      name: 'only-compose-imports-adapters',
      comment: 'One file of the composition root alone chooses adapters.',
      severity: 'error',
      from: { path: server, pathNot: [`${server}compose/adapters[.]ts$`, `${server}adapters/`, inTests] },
      to: { path: `${server}adapters/` },
    },
    {
      name: 'adapters-serve-ports',
      comment: 'Adapters implement ports; they never call upwards.',
      severity: 'error',
      from: { path: `${server}adapters/`, pathNot: inTests },
      to: { path: `${server}(services|handlers|http|app|compose|config|index)(/|[.]ts$)` },
    },
    {
      name: 'adapters-stand-alone',
      comment: 'One adapter never imports another.',
      severity: 'error',
      from: { path: `${server}adapters/([^/]+)/`, pathNot: inTests },
      to: { path: `${server}adapters/[^/]+/`, pathNot: `${server}adapters/$1/` },
    },
    {
      name: 'packages-point-down',
      comment: 'cli -> server -> signer -> protocol: the server never imports the command.',
      severity: 'error',
      from: { path: '^packages/(server|signer)/src/' },
      to: { path: '^packages/cli/' },
    },
    {
      name: 'packages-by-their-entry',
      comment: 'Another package is imported by its published entry point, never by a file inside it.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      to: {
        path: '^packages/[^/]+/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/dist/index[.](js|d[.]ts)$',
          signerAdapter,
          widgetComponents,
        ],
      },
    },
    {
      name: 'svelte-imports-widget',
      comment: 'The Svelte package knows the widget, delivery URLs and Svelte.',
      severity: 'error',
      from: { path: '^packages/svelte/src/', pathNot: inTests },
      to: {
        pathNot: [
          '^packages/svelte/src/',
          '^packages/(widget|protocol)/dist/index[.](js|d[.]ts)$',
          widgetComponents,
          npm('svelte'),
        ],
      },
    },
    {
      name: 'react-imports-widget',
      comment: 'The React package knows the widget and React.',
      severity: 'error',
      from: { path: '^packages/react/src/', pathNot: inTests },
      to: {
        pathNot: [
          '^packages/react/src/',
          '^packages/widget/dist/index[.](js|d[.]ts)$',
          widgetComponents,
          npm('react'),
        ],
      },
    },
    {
      name: 'browser-packages-import-no-server',
      comment: 'Browser packages never import server ones.',
      severity: 'error',
      from: { path: '^packages/(widget|svelte|react)/', pathNot: '[.]test[.]tsx?$' },
      to: { path: ['^packages/(server|signer|cli)/', '^(node:)?(fs|http|https|net|path|crypto)$'] },
    },
    {
      name: 'black-box-tests',
      comment:
        'test/ speaks HTTP and starts processes; of ours it may import the published protocol, signer and components.',
      severity: 'error',
      from: { path: '^test/' },
      to: {
        path: '^packages/',
        pathNot: [
          '^packages/(protocol|signer|react|svelte)/dist/(runes/)?index[.](js|d[.]ts)$',
          signerAdapter,
        ],
      },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no order to read it in.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^packages/[^/]+/dist/'] },
    exclude: { path: ['^packages/[^/]+/dist/.*[.]map$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts'],
    },
  },
};
