/** The locales that come with the widget, English aside, as their files are named. */
export const localeTags = [
  'ar',
  'de',
  'es',
  'fr',
  'he',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt-br',
  'zh-cn',
] as const;

export type LocaleTag = (typeof localeTags)[number];

/** The locale for a language tag: the same, else one of the same language; null for English and for what we do not have. */
export function localeFor(language: string): LocaleTag | null {
  const wanted = language.toLowerCase().replace('_', '-');
  const [base] = wanted.split('-');
  return (
    localeTags.find((tag) => tag === wanted) ?? localeTags.find((tag) => tag.split('-')[0] === base) ?? null
  );
}
