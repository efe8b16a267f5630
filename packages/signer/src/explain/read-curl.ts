import type { Fields } from './finding.js';
import { shellWords } from './shell-words.js';

/** Options that take a value, and the fields in it. */
const readers: readonly {
  readonly options: ReadonlySet<string>;
  readonly read: (value: string) => Fields;
}[] = [
  { options: new Set(['-F', '--form', '--form-string', '--data-urlencode']), read: (value) => [pair(value)] },
  {
    options: new Set(['-d', '--data', '--data-raw', '--data-ascii', '--data-binary']),
    read: (value) => [...new URLSearchParams(value)],
  },
  {
    options: new Set([
      '-X',
      '--request',
      '-H',
      '--header',
      '-u',
      '--user',
      '-o',
      '--output',
      '-A',
      '-b',
      '-e',
      '-m',
    ]),
    read: () => [],
  },
];

/** The fields and the address of a curl command line, as documentation and browsers write it. */
export function readCurl(text: string): { readonly fields: Fields; readonly url: string | null } {
  const words = shellWords(text.trim()).slice(1);
  const fields: (readonly [string, string])[] = [];
  let url: string | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const [option = '', inline] = splitOption(words[at] ?? '');
    const read = readers.find(({ options }) => options.has(option))?.read;
    if (read !== undefined) {
      if (inline === undefined) at += 1;
      fields.push(...read(inline ?? words[at] ?? ''));
    } else if (/^https?:\/\//.test(option)) url = option;
  }
  if (url !== null && URL.canParse(url)) fields.push(...new URL(url).searchParams);
  return { fields, url };
}

/** `--form=x`, `-Fx` and `-F x` are the same. */
function splitOption(word: string): [string, string | undefined] {
  const long = /^(--[a-z-]+)=([\s\S]*)$/.exec(word);
  if (long !== null) return [long[1] ?? '', long[2]];
  const short = /^(-[FdXHu])([\s\S]+)$/.exec(word);
  return short === null ? [word, undefined] : [short[1] ?? '', short[2]];
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
