import { code, table } from './sections.mjs';

/** docs/errors.md from `errorTable`. */
export const errorsPage = {
  path: 'docs/errors.md',
  start: `# Errors

Every error is one row of \`packages/protocol/src/errors.ts\`; this page is made from it. An error is answered as
\`{"error":{"message":"..."}}\` with the same text in the \`X-Cld-Error\` header. \`{names}\` are filled in. The Upload API keeps to
the statuses that official SDKs can read. Texts marked *ours* have no published wording to follow.
`,
  sections: ({ errorTable }) => (errorTable === undefined ? {} : { errors: errors(errorTable) }),
};

function errors(errorTable) {
  const rows = Object.entries(errorTable).map(([name, { status, text, ours }]) => [
    code(name),
    status,
    code(text),
    ours ? 'ours' : '',
  ]);
  return table(['code', 'status', 'text', ''], rows);
}
