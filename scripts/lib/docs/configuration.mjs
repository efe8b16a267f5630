import { code, table } from './sections.mjs';

/** docs/configuration.md from `configTable`. */
export const configurationPage = {
  path: 'docs/configuration.md',
  start: `# Configuration

Every setting is one row of \`packages/server/src/config/table.ts\`; this page is made from it. Options of \`counterseal serve\` win over
the environment. All problems are reported together, at start.
`,
  sections: ({ configTable }) => (configTable === undefined ? {} : { settings: settings(configTable) }),
};

function settings(configTable) {
  const rows = Object.values(configTable).map(({ env, flag, type, default: standard, doc }) => [
    code(env),
    flag === null ? '' : code(`--${flag}`),
    type,
    standard === '' ? '(empty)' : /\s/.test(standard) ? standard : code(standard),
    doc,
  ]);
  return table(['environment', 'option', 'type', 'default', 'what it does'], rows);
}
