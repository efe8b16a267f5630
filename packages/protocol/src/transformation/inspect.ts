import { attachmentFilename } from './flags.js';
import type { Flag, Settings, Transformation } from './language.js';

/** Flags that change headers, or happen anyway, but never the pixels. */
const harmlessFlags = new Set(['attachment', 'sanitize']);

/** Which request headers an automatic parameter looks at (transformations reference, sections 1.12 and 1.15). */
const hintHeaders: readonly (readonly [
  wants: (settings: Settings) => boolean,
  headers: readonly string[],
])[] = [
  [({ format }) => format === 'auto', ['Accept']],
  [({ dpr }) => dpr === 'auto', ['DPR', 'Sec-CH-DPR']],
  [({ quality }) => quality?.kind === 'auto', ['Save-Data']],
];

/** Values for the `Vary` header of a delivery, in a fixed order; named transformations must be expanded. */
export function varyHeaders(transformation: Transformation): readonly string[] {
  const settings = transformation.components.map((component) => component.settings);
  return hintHeaders.flatMap(([wants, headers]) => (settings.some(wants) ? headers : []));
}

/**
 * Whether the result depends on the client. Eager, incoming and named transformations have no client to look at: there the
 * automatic parameters fall back to their defaults (section 1.8), they are not refused.
 */
export function usesClientHints(transformation: Transformation): boolean {
  return varyHeaders(transformation).length > 0;
}

/** What `fl_attachment` asks for: null when it is absent; `filename` null when it gives no name (section 1.15). */
export function attachmentOf(transformation: Transformation): { readonly filename: string | null } | null {
  const flag = flagsOf(transformation).findLast(({ name }) => name === 'attachment');
  if (flag === undefined) return null;
  return { filename: flag.argument === null ? null : attachmentFilename(flag.argument) };
}

/** Nothing in it changes pixels, format or quality: the stored bytes answer it (section 1.11). */
export function isOriginalRequest(transformation: Transformation): boolean {
  return (
    transformation.components.every(({ parameters }) => parameters.every(({ key }) => key === 'fl')) &&
    flagsOf(transformation).every(({ name }) => harmlessFlags.has(name))
  );
}

export function flagsOf(transformation: Transformation): readonly Flag[] {
  return transformation.components.flatMap(({ settings }) => settings.flags ?? []);
}
