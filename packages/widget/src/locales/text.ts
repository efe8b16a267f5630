import type { TextTree } from '../options.js';
import { en } from './en.js';

export type Values = Readonly<Record<string, string | number>>;
export type Translate = (path: string, values?: Values) => string;

/** A text by its path: the page's own, else the locale's, else English. A path that nobody knows is shown as it is. */
export function createTranslate(...trees: readonly (TextTree | undefined)[]): Translate {
  const all: readonly (TextTree | undefined)[] = [...trees, en];
  return (path, values = {}) => {
    const text = all.map((tree) => find(tree, path)).find((found) => found !== null) ?? path;
    return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}

/** Members may be nested, or one key with dots in it. */
function find(tree: TextTree | undefined, path: string): string | null {
  let at: string | TextTree | undefined = tree;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = at[key];
  }
  return typeof at === 'string' ? at : null;
}

const steps = [
  ['b', 1],
  ['k', 1e3],
  ['m', 1e6],
  ['g', 1e9],
  ['t', 1e12],
] as const;

/** `1.2 MB`, with the language's own decimal mark. */
export function sizeText(bytes: number, t: Translate, language: string): string {
  const [unit, size] = steps.findLast(([, least]) => bytes >= least) ?? steps[0];
  const number = bytes / size;
  return t(`uploader.filesize.${unit}`, {
    size: numberText(number, unit === 'b' ? 0 : number < 10 ? 2 : 1, language),
  });
}

export function timeText(ms: number, t: Translate): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return t('time.seconds', { num: seconds });
  if (seconds < 5400) return t('time.minutes', { num: Math.round(seconds / 60) });
  return t('time.hours', { num: Math.round(seconds / 3600) });
}

function numberText(value: number, digits: number, language: string): string {
  try {
    return value.toLocaleString(language, { maximumFractionDigits: digits });
  } catch {
    return value.toFixed(digits);
  }
}
