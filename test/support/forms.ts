import { type Params, textOf } from './sign.js';

export interface Form {
  readonly contentType: string;
  readonly body: Buffer;
}

/** One part of a multipart body, as bytes go over the wire. */
export interface Part {
  readonly name: string;
  readonly value: string | Uint8Array;
  /** Makes it a file. */
  readonly filename?: string;
  readonly type?: string;
  /** Further header lines. */
  readonly headers?: readonly string[];
}

export interface FilePart {
  readonly bytes: Uint8Array;
  readonly filename?: string;
  readonly type?: string;
}

export const boundary = 'wire-suite-boundary';

/** Parts in the given order (RFC 7578). */
export function multipart(parts: readonly Part[]): Form {
  const chunks = parts.flatMap(({ name, value, filename, type, headers = [] }) => {
    const disposition = `Content-Disposition: form-data; name="${name}"`;
    const lines = [
      `--${boundary}`,
      filename === undefined ? disposition : `${disposition}; filename="${filename}"`,
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
      ...headers,
      '',
      '',
    ];
    return [Buffer.from(lines.join('\r\n')), Buffer.from(value), Buffer.from('\r\n')];
  });
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** Parameters as parts; lists as SDKs send them, `name[]` repeated. */
export function partsOf(params: Params): Part[] {
  return pairsOf(params).map(([name, value]) => ({ name, value }));
}

export function filePart({ bytes, filename = 'file.bin', type }: FilePart): Part {
  return { name: 'file', value: bytes, filename, ...(type === undefined ? {} : { type }) };
}

export function urlencoded(params: Params): Form {
  return {
    contentType: 'application/x-www-form-urlencoded',
    body: Buffer.from(new URLSearchParams(pairsOf(params)).toString()),
  };
}

export function jsonForm(value: unknown): Form {
  return { contentType: 'application/json', body: Buffer.from(JSON.stringify(value)) };
}

function pairsOf(params: Params): [string, string][] {
  return Object.entries(params).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object' ? value.map((item) => [`${name}[]`, item]) : [[name, textOf(value)]],
  );
}
