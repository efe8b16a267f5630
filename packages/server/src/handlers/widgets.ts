/** Addresses of the original and ours (widget reference, section 1.1), and the file each one is. */
export const widgetScripts = {
  '/widgets/upload.js': 'upload.js',
  '/widgets/upload.mjs': 'upload.mjs',
  '/global/all.js': 'upload.js',
  '/latest/global/all.js': 'upload.js',
  '/v2.0/global/all.js': 'upload.js',
  '/global/text.json': 'text.json',
} as const;

/** Parts of a build carry a hash in their names and never change; the others are asked for again, and mostly unchanged. */
const forever = 'public, max-age=31536000, immutable';
const brief = 'public, max-age=300';

/** How long browsers keep a script of the widgets. */
export function widgetCacheControl(name: string): string {
  return name.startsWith('chunks/') ? forever : brief;
}
