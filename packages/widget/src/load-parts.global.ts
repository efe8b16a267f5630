import { snakeCase } from './core/upload-params.js';
import type { LocaleTree } from './locales/en.js';
import { localeFor } from './locales/tags.js';
import { partUrl } from './script-base.js';

/*
 * In the place of load-parts.ts in the single script, which cannot be split: the parts are modules beside it, loaded from where the
 * script came from. `import()` needs no permission beyond the one the script itself has.
 */
type Parts = typeof import('./load-parts.js')['loadParts'];

const load = (name: string) => import(/* @vite-ignore */ partUrl(name)) as Promise<unknown>;

/** `pageMarks` is in page-marks.js; a table of all names would be as long as the names. */
export const loadParts = new Proxy({} as Parts, {
  get: (_, name: string) => () => load(snakeCase(name).replaceAll('_', '-')),
});

export async function loadLocale(language: string): Promise<LocaleTree | null> {
  const tag = localeFor(language);
  if (tag === null) return null;
  return ((await load(`locale-${tag}`)) as { locale: LocaleTree }).locale;
}
