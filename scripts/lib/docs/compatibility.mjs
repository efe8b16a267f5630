import { code, table } from './sections.mjs';

/** docs/compatibility.md from the parameter table and the transformation vocabulary. */
export const compatibilityPage = {
  path: 'docs/compatibility.md',
  start: `# Compatibility

What of the wire protocol works. The tables are made from the code that parses requests, so they cannot promise more than it does.

- **supported**: done.
- **harmless**: accepted and part of the signature; the result would be the same without it.
- **refused**: answered with 400 and the name of the parameter, unless its value switches it off.

Names that are not listed for an operation have no effect and are named in the \`X-Counterseal-Ignored\` header; a strict key
refuses them.
`,
  sections: ({ operations, unsupportedActions, vocabulary }) => ({
    ...(operations === undefined
      ? {}
      : { operations: operationTables(operations, unsupportedActions ?? []) }),
    ...(vocabulary === undefined ? {} : { transformations: transformations(vocabulary) }),
  }),
};

function operationTables(operations, unsupportedActions) {
  const known = Object.entries(operations).map(
    ([name, { route, params }]) => `### ${name}\n\n${code(route)}\n\n${parameters(params)}`,
  );
  const waiting = unsupportedActions.map(code).join(', ');
  return ['## Operations', ...known, '### Not built', `Answered with 400 by name: ${waiting}.`].join('\n\n');
}

function parameters(params) {
  const rows = Object.entries(params).map(([name, { type, support, note, unsigned }]) => [
    code(name),
    type,
    support,
    unsigned ? 'yes' : '',
    note ?? '',
  ]);
  return table(['parameter', 'type', 'support', 'unsigned uploads', 'note'], rows);
}

function transformations(vocabulary) {
  const rows = [...vocabulary].map(([key, { name, support }]) => [
    code(key === '$' ? '$name' : `${key}_`),
    name,
    support === 'built' ? 'supported' : 'refused',
  ]);
  return `## Transformations\n\n${table(['parameter', 'meaning', 'support'], rows)}`;
}
