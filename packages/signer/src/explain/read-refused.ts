import { type OperationName, operations } from '@counterseal/protocol';
import type { Fields } from './finding.js';
import { readCurl } from './read-curl.js';
import { readHar } from './read-har.js';

/** A refused request as somebody pasted it. */
export interface RefusedRequest {
  /** As the server saw it. */
  readonly fields: Fields;
  readonly operation: OperationName;
  /** What the client says it signed, where an error text came with it. */
  readonly clientFields: Fields | null;
}

/** "message `Invalid Signature <received>. String to sign - '<server string without secret>'.`" (upload-api reference, section 2.4) */
const errorStart = /Invalid Signature ([0-9A-Za-z+/=_-]{1,200})\. String to sign - '/;
const errorEnd = /'\.?(?=["\s]|$)/g;

/**
 * Reads a curl line, a HAR file or entry, a JSON object of parameters, an error text with the parameters that were signed
 * (`name=value` lines), or such lines alone.
 * @throws TypeError when nothing can be made of the text
 */
export function readRefused(text: string): RefusedRequest {
  const error = findErrorText(text);
  if (error !== null) return readErrorText(error);
  const trimmed = text.trim();
  const { fields, url } = trimmed.startsWith('{')
    ? readHar(parse(trimmed))
    : /^curl\s/.test(trimmed)
      ? readCurl(trimmed)
      : { fields: readLines(trimmed), url: null };
  if (fields.length === 0) {
    throw new TypeError('this is no curl line, HAR entry, error text or list of name=value lines');
  }
  return { fields, operation: operationOf(url), clientFields: null };
}

interface ErrorText {
  readonly signature: string;
  /** The server's string to sign. */
  readonly string: string;
  /** What stands around the error text. */
  readonly rest: string;
}

/** The first error text only, and each half by itself: the time grows with the text, not with its square. */
function findErrorText(text: string): ErrorText | null {
  const start = errorStart.exec(text);
  if (start === null) return null;
  const from = start.index + start[0].length;
  errorEnd.lastIndex = from;
  const end = errorEnd.exec(text);
  if (end === null) return null;
  const rest = `${text.slice(0, start.index)}\n${text.slice(end.index + end[0].length)}`;
  return { signature: start[1] ?? '', string: text.slice(from, end.index), rest };
}

function readErrorText({ signature, string, rest: around }: ErrorText): RefusedRequest {
  const seen = string.split('&').map(toPair);
  const rest = readLines(around);
  const own = rest.filter(([name]) => name !== 'api_key' && name !== 'signature');
  const apiKey = rest.filter(([name]) => name === 'api_key');
  return {
    fields: [
      ...seen.map(([name, value]) => [name, value.replaceAll('%26', '&')] as const),
      ...apiKey,
      ['signature', signature],
    ],
    operation: 'upload',
    clientFields: own.length === 0 ? null : own,
  };
}

function readLines(text: string): Fields {
  const lines = text.includes('\n')
    ? text.split(/\r?\n/)
    : /^[\w[\]]+=[^&]*(&[\w[\]]+=[^&]*)+$/.test(text)
      ? text.split('&')
      : [text];
  return lines
    .map((line) => line.trim())
    .filter((line) => /^[A-Za-z_][\w[\]]*=/.test(line))
    .map(toPair);
}

function toPair(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}

function operationOf(url: string | null): OperationName {
  const name = url === null ? '' : (new URL(url).pathname.split('/').at(-1) ?? '');
  return Object.hasOwn(operations, name) ? (name as OperationName) : 'upload';
}

function parse(text: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(text) };
  } catch {
    throw new TypeError('the text looks like JSON, but is none');
  }
}
