import type { LocaleTree } from './locales/en.js';
import { type LocaleTag, localeFor } from './locales/tags.js';

/**
 * What is loaded when it is first needed, by the names of the files. This file is for module bundlers; the single script has
 * load-parts.global.ts in its place, which loads the same parts from where the script came from.
 */
export const loadParts = {
  crop: () => import('./parts/crop.js'),
  urlSource: () => import('./parts/url-source.js'),
  cameraSource: () => import('./parts/camera-source.js'),
  images: () => import('./parts/images.js'),
  encrypt: () => import('./parts/encrypt.js'),
  diagnose: () => import('./parts/diagnose.js'),
  droppedFolders: () => import('./parts/dropped-folders.js'),
  pageMarks: () => import('./parts/page-marks.js'),
  searchSource: () => import('./parts/search-source.js'),
  unfinished: () => import('./parts/unfinished.js'),
} as const;

const locales: Readonly<Record<LocaleTag, () => Promise<{ readonly locale: LocaleTree }>>> = {
  ar: () => import('./locales/ar.js'),
  de: () => import('./locales/de.js'),
  es: () => import('./locales/es.js'),
  fr: () => import('./locales/fr.js'),
  he: () => import('./locales/he.js'),
  it: () => import('./locales/it.js'),
  ja: () => import('./locales/ja.js'),
  ko: () => import('./locales/ko.js'),
  nl: () => import('./locales/nl.js'),
  pl: () => import('./locales/pl.js'),
  'pt-br': () => import('./locales/pt-br.js'),
  'zh-cn': () => import('./locales/zh-cn.js'),
};

/** Null for English and for what we do not have. */
export async function loadLocale(language: string): Promise<LocaleTree | null> {
  const tag = localeFor(language);
  return tag === null ? null : (await locales[tag]()).locale;
}
