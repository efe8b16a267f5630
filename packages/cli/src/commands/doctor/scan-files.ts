import { createReadStream } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface Leak {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

export interface Needle {
  readonly text: string;
  /** What was found, without the text itself. */
  readonly what: string;
}

/** A whole account in one text, whoever's it is. The placeholders of documentation are none. */
const accountUrl =
  /cloudinary:\/\/(?!(?:(?:API_)?KEY:|your[-_]?(?:api)?[-_]?key:|<|\$\{|%)[^@\s]*@)[^:@/\s"'`<>]+:[^@\s"'`<>]{4,}@[A-Za-z0-9]/;
const accountUrlText = 'a cloudinary://KEY:SECRET@CLOUD address';

/** Texts that give a secret away: as it is, percent-encoded, and inside a Basic header. */
export function needlesFor({
  apiKey,
  secret,
}: {
  readonly apiKey: string;
  readonly secret: string;
}): Needle[] {
  const basic = Buffer.from(`${apiKey}:${secret}`).toString('base64').replace(/=+$/, '');
  return [
    { text: asLatin1(secret), what: `the secret of key ${apiKey}` },
    { text: encodeURIComponent(secret), what: `the secret of key ${apiKey}, percent-encoded` },
    { text: basic, what: `the Basic credentials of key ${apiKey}` },
  ].filter(({ text }, index, all) => all.findIndex((each) => each.text === text) === index);
}

/** Every file below a folder, read as text line by line; minified lines of any length are searched in pieces that overlap. */
export async function scanFolder(
  folder: string,
  needles: readonly Needle[],
): Promise<{ readonly leaks: readonly Leak[]; readonly files: number }> {
  const leaks: Leak[] = [];
  let files = 0;
  for await (const path of filesBelow(folder)) {
    files += 1;
    for (const { line, what } of await scanFile(path, needles)) {
      leaks.push({ file: relative(folder, path), line, what });
    }
  }
  return { leaks, files };
}

/** Files are read byte by byte, whatever their encoding: UTF-8 text looks like this then. */
function asLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Longer than any text we look for. */
const overlapCharacters = 512;

async function scanFile(path: string, needles: readonly Needle[]): Promise<Omit<Leak, 'file'>[]> {
  const found = new Map<string, number>();
  let rest = '';
  let line = 1;
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 256 * 1024 })) {
    const text = rest + String(chunk);
    const note = (at: number, what: string) => {
      if (at !== -1 && !found.has(what)) found.set(what, line + countLines(text.slice(0, at)));
    };
    for (const needle of needles) note(text.indexOf(needle.text), needle.what);
    note(text.search(accountUrl), accountUrlText);
    const kept = Math.max(0, text.length - overlapCharacters);
    line += countLines(text.slice(0, kept));
    rest = text.slice(kept);
  }
  return [...found].map(([what, at]) => ({ line: at, what }));
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

/** Links are followed, each folder once: what a link leads to is served like the rest. */
async function* filesBelow(folder: string, seen = new Set<string>()): AsyncGenerator<string> {
  const place = await realpath(folder);
  if (seen.has(place)) return;
  seen.add(place);
  for await (const entry of await opendir(folder)) {
    if (entry.name === 'node_modules' || entry.name === '.git') continue;
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
    if (kind?.isDirectory() === true) yield* filesBelow(path, seen);
    else if (kind?.isFile() === true) yield path;
  }
}
