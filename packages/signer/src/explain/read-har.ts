import type { Fields } from './finding.js';

type Json = Readonly<Record<string, unknown>>;

/** Fields and address of a HAR entry, of the last API call of a whole HAR, or of a plain object of parameters. */
export function readHar(value: Json): { readonly fields: Fields; readonly url: string | null } {
  const entry = lastEntry(value) ?? value;
  const request = objectOf(entry.request) ?? (typeof entry.url === 'string' ? entry : null);
  if (request === null) return { fields: entriesOf(value), url: null };
  const url = typeof request.url === 'string' && URL.canParse(request.url) ? request.url : null;
  const query = url === null ? [] : [...new URL(url).searchParams];
  return { fields: [...readPostData(objectOf(request.postData)), ...query], url };
}

function lastEntry(value: Json): Json | null {
  const entries = objectOf(value.log)?.entries;
  if (!Array.isArray(entries)) return null;
  const calls = entries
    .map(objectOf)
    .filter((entry) => String(objectOf(entry?.request)?.url).includes('/v1_1/'));
  return calls.at(-1) ?? null;
}

function readPostData(postData: Json | null): Fields {
  if (postData === null) return [];
  const { params, text, mimeType = '' } = postData;
  if (Array.isArray(params) && params.length > 0) {
    return params.map((param) => [String(param?.name), String(param?.value ?? '')] as const);
  }
  if (typeof text !== 'string') return [];
  if (String(mimeType).includes('multipart/')) return readMultipart(text);
  if (!text.trimStart().startsWith('{')) return [...new URLSearchParams(text)];
  return entriesOf(objectOf(parseJson(text)) ?? {});
}

function readMultipart(text: string): Fields {
  return text.split(/\r?\n--|^--/).flatMap((part): Fields => {
    const end = /\r?\n\r?\n/.exec(part);
    if (end === null) return [];
    const head = part.slice(0, end.index);
    const name = /name="([^"]*)"/.exec(head)?.[1];
    if (name === undefined) return [];
    const isFile = /; filename=/.test(head);
    return [[name, isFile ? '' : part.slice(end.index + end[0].length)]];
  });
}

function entriesOf(value: Json): Fields {
  return Object.entries(value).flatMap(([name, each]): Fields => {
    if (Array.isArray(each)) return each.map((item) => [name, String(item)] as const);
    return each === null ? [] : [[name, typeof each === 'object' ? JSON.stringify(each) : String(each)]];
  });
}

function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('the body of the request looks like JSON, but is none');
  }
}
