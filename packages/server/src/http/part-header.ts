import { ApiError } from '@counterseal/protocol';
import { isUtf8, parseHeaderParams } from './header-params.js';
import { maxPartHeaderBytes, maxPartHeaderPairs } from './limits.js';
import { checkText, decodeText } from './pairs.js';

/** What the header block of a multipart part says. */
export interface PartHeader {
  /** As sent, brackets included. */
  readonly name: string;
  /** Whether the part claims to be a file: it has a file name, or a type that is not text. */
  readonly isFile: boolean;
  /** Last part of the path only; null when absent or empty. */
  readonly filename: string | null;
  /** Lower case, without parameters; null when absent. */
  readonly mimeType: string | null;
}

/** Header names in lower case, each with its values as Latin-1 strings of the bytes received. */
export type RawPartHeader = Readonly<Record<string, readonly string[] | undefined>>;

/** Encodings that leave the bytes alone (PHP and Ruby send them); RFC 7578, section 4.7 deprecates all others. */
const identity = new Set(['', '7bit', '8bit', 'binary']);

/** @throws ApiError `malformed-body`, `illegal-characters`, `unsupported-content-type` */
export function parsePartHeader(raw: RawPartHeader): PartHeader {
  checkSize(raw);
  const disposition = parseHeaderParams(single(raw, 'content-disposition') ?? '');
  const name = disposition?.params.get('name');
  if (disposition?.value !== 'form-data' || name === undefined) {
    throw malformed('a part has no valid Content-Disposition header');
  }
  if (!identity.has(single(raw, 'content-transfer-encoding')?.trim().toLowerCase() ?? '')) {
    throw malformed('a part has a Content-Transfer-Encoding');
  }
  const type = parseHeaderParams(single(raw, 'content-type') ?? '');
  if (type === null || !isUtf8(type)) {
    throw new ApiError('unsupported-content-type', { type: raw['content-type']?.[0] ?? '' });
  }
  const extended = disposition.params.get('filename*');
  const plain = disposition.params.get('filename');
  const filename = (extended === undefined ? null : decodeExtended(extended)) ?? decodePlain(plain ?? '');
  checkText('filename', filename);
  return {
    name: decodeText('name', Buffer.from(name, 'latin1')),
    isFile:
      plain !== undefined || extended !== undefined || !(type.value === '' || type.value.startsWith('text/')),
    filename: lastSegment(filename),
    mimeType: type.value === '' ? null : type.value,
  };
}

function checkSize(raw: RawPartHeader): void {
  const pairs = Object.entries(raw).flatMap(([name, values = []]) => values.map((value) => name + value));
  const bytes = pairs.reduce((sum, pair) => sum + pair.length, 0);
  if (bytes > maxPartHeaderBytes || pairs.length > maxPartHeaderPairs)
    throw malformed('the header of a part is too large');
}

function single(raw: RawPartHeader, name: string): string | undefined {
  const values = raw[name];
  if (values !== undefined && values.length > 1) throw malformed(`a part has two ${name} headers`);
  return values?.[0];
}

/** Browsers and newer curl write a quote in a file name as `%22` (HTML standard, multipart/form-data encoding). */
function decodePlain(latin1: string): string {
  return decodeText('filename', Buffer.from(latin1, 'latin1')).replaceAll('%22', '"');
}

/** RFC 8187 `UTF-8''%e2%82%ac`; null when it is not that, so that the plain name counts. .NET clients send both. */
function decodeExtended(value: string): string | null {
  const encoded = /^utf-8'[^']*'((?:[^%\s'"]|%[0-9a-f]{2})*)$/i.exec(value)?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/** Some clients send whole paths, of either kind; only the last part counts (upload-api reference, section 3.2). */
function lastSegment(path: string): string | null {
  const last = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return last === '' || last === '.' || last === '..' ? null : last;
}

function malformed(reason: string): ApiError {
  return new ApiError('malformed-body', { reason });
}
