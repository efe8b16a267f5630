import { snakeCase } from '../core/upload-params.js';
import type { LocaleTree } from '../locales/en.js';
import { createTranslate, type Translate } from '../locales/text.js';
import type { Settings } from '../options.js';

const rtlLanguages = /^(ar|he|fa|ur|yi|ps|sd|ckb|dv)\b/i;

export function directionOf(language: string): 'rtl' | 'ltr' {
  return rtlLanguages.test(language) ? 'rtl' : 'ltr';
}

/** The page's texts over the locale's over English. Keys with dots and `zh_CN` for `zh-CN` are taken too. */
export function translateOf({ text, language }: Settings, locale: LocaleTree | null): Translate {
  const own = text?.[language] ?? text?.[language.replace('-', '_')];
  return createTranslate(own, locale ?? undefined);
}

/** Dark when asked, or when the visitor prefers it and the page brought no palette made for light. */
export function isDark({ colorScheme, styles, theme }: Settings): boolean {
  if (colorScheme === 'dark') return true;
  if (colorScheme === 'light' || styles?.palette !== undefined || theme === 'white') return false;
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

const hexColor = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/**
 * Sets `styles` as custom properties (widget reference, section 1.9), and loads the fonts that have an address. Values that are no
 * colours are left out. Answers how to take all of it off again.
 */
export function applyStyles(root: HTMLElement, { styles }: Settings): () => void {
  const { palette = {}, frame, fonts = {} } = styles ?? {};
  const { style } = root;
  for (const [name, value] of [...Object.entries(palette), ['backdrop', frame?.background]] as const) {
    if (typeof value === 'string' && hexColor.test(value))
      style.setProperty(`--cs-${snakeCase(name).replaceAll('_', '-')}`, value);
  }
  const family = activeFont(fonts);
  if (family !== null) style.setProperty('--cs-font', family);
  const links = fontLinks(fonts);
  document.head.append(...links);
  return () => {
    style.cssText = '';
    for (const link of links) link.remove();
  };
}

type Fonts = NonNullable<NonNullable<Settings['styles']>['fonts']>;

/** A family whose address is not given is one that the page has loaded; none is loaded unless an address is given. */
function activeFont(fonts: Fonts): string | null {
  const families = Object.entries(fonts).filter(([name]) => name !== 'default');
  const isActive = (value: unknown) =>
    typeof value !== 'object' || (value as { active?: boolean } | null)?.active !== false;
  return families.find(([, value]) => isActive(value))?.[0] ?? null;
}

function fontLinks(fonts: Fonts): HTMLLinkElement[] {
  return Object.values(fonts).flatMap((value) => {
    const url = typeof value === 'string' ? value : value?.url;
    if (url === undefined) return [];
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = url;
    return [link];
  });
}
