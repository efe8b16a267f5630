import { code, table } from './sections.mjs';

/** Refused too, but the widget never sends them: code for the server, ways out of its network, and an old kind of answer. */
const neverSent = new Set(['callback', 'eval', 'proxy']);

/** The list in docs/guides/moving-from-cloudinary-widgets.md of what the widget passes on and the server refuses. */
export const movingPage = {
  path: 'docs/guides/moving-from-cloudinary-widgets.md',
  start: "# Moving from Cloudinary's widgets\n",
  sections: ({ operations }) =>
    operations === undefined ? {} : { refused: refused(operations.upload.params) },
};

function refused(params) {
  const byReason = new Map();
  for (const [name, { support, note }] of Object.entries(params)) {
    if (support !== 'refused' || neverSent.has(name)) continue;
    byReason.set(note, [...(byReason.get(note) ?? []), code(name)]);
  }
  return table(
    ['parameter', 'why'],
    [...byReason].map(([note, names]) => [names.join(', '), note]),
  );
}
