import type { LocaleTree } from './locales/en.js';

/**
 * What is loaded when it is first needed. This file is for module bundlers; the single script has load-parts.global.ts in its place,
 * which loads the same parts from where the script came from.
 */
export const loadParts = {
  crop: () => import('./parts/crop.js'),
  url: () => import('./parts/url-source.js'),
  camera: () => import('./parts/camera-source.js'),
  images: () => import('./parts/images.js'),
  encrypt: () => import('./parts/encrypt.js'),
  diagnose: () => import('./parts/diagnose.js'),
  pageMarks: () => import('./parts/page-marks.js'),
  search: () => import('./parts/search-source.js'),
  unfinished: () => import('./parts/unfinished.js'),
} as const;

const locales: Readonly<Record<string, () => Promise<{ readonly locale: LocaleTree }>>> = {};

/** Null for English and for what we do not have. */
export async function loadLocale(tag: string): Promise<LocaleTree | null> {
  return (await locales[tag]?.())?.locale ?? null;
}
