import type { LocaleTree } from './locales/en.js';
import { localeFor } from './locales/tags.js';
import { partUrl } from './script-base.js';

/*
 * In the place of load-parts.ts in the single script, which cannot be split: the parts are modules beside it, loaded from where the
 * script came from. `import()` needs no permission beyond the one the script itself has.
 */
type Parts = typeof import('./load-parts.js')['loadParts'];

const part =
  <Part>(name: string) =>
  () =>
    import(/* @vite-ignore */ partUrl(name)) as Promise<Part>;

export const loadParts: Parts = {
  crop: part('crop'),
  url: part('url-source'),
  camera: part('camera-source'),
  images: part('images'),
  encrypt: part('encrypt'),
  diagnose: part('diagnose'),
  pageMarks: part('page-marks'),
  search: part('search-source'),
  unfinished: part('unfinished'),
};

export async function loadLocale(language: string): Promise<LocaleTree | null> {
  const tag = localeFor(language);
  if (tag === null) return null;
  return ((await import(/* @vite-ignore */ partUrl(`locale-${tag}`))) as { locale: LocaleTree }).locale;
}
