import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from './failures.js';

/** A file on disk that goes into the form as its last part. */
export interface FormFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

export interface FormRequest {
  readonly url: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly file: FormFile | null;
  readonly onProgress: (sentBytes: number, totalBytes: number) => void;
}

export interface FormAnswer {
  readonly status: number;
  readonly text: string;
}

const readBytes = 256 * 1024;

/**
 * Posts a multipart form whose file is streamed from disk: memory stays flat whatever its size. The credentials stand before
 * the file, so a server may refuse before it reads the bytes; its answer is returned when it comes before the connection is closed.
 */
export async function postForm(form: FormRequest): Promise<FormAnswer> {
  const boundary = `counterseal-${randomBytes(12).toString('hex')}`;
  const parts = form.fields.map(([name, value]) => `${partHead(boundary, name)}\r\n\r\n${value}\r\n`);
  const fileHead =
    form.file === null
      ? ''
      : `${partHead(boundary, 'file')}; filename="${quoted(form.file.name)}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const head = Buffer.from(parts.join('') + fileHead);
  const tail = Buffer.from(`${form.file === null ? '' : '\r\n'}--${boundary}--\r\n`);

  const send = form.url.startsWith('https:') ? httpsRequest : httpRequest;
  const request = send(form.url, {
    method: 'POST',
    agent: false,
    headers: {
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': head.length + (form.file?.bytes ?? 0) + tail.length,
      Accept: 'application/json',
    },
  });
  const responded = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  const failed = new Promise<never>((_, reject) => request.once('error', reject));
  const closed = new Promise<void>((resolve) => request.once('close', resolve));
  const sent = pipeline(Readable.from(body(head, form, tail), { objectMode: false }), request);
  const brokeOff = sent.then(
    () => failed,
    async (error: unknown) => {
      // An answer may still be on its way when sending fails, until the connection is closed.
      if (!(error instanceof Failure)) await closed;
      throw error;
    },
  );
  failed.catch(() => {});
  const response = await Promise.race([responded, brokeOff]).catch((error: unknown) => {
    request.destroy();
    if (error instanceof Failure) throw error;
    throw new Failure(`cannot reach ${new URL(form.url).origin}: ${reason(error)}`);
  });
  const text = await readText(response);
  request.destroy();
  return { status: response.statusCode ?? 0, text };
}

async function* body(head: Buffer, form: FormRequest, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  const file = form.file;
  if (file !== null) {
    let sentBytes = 0;
    // A file that grows meanwhile is cut at the announced length; one that shrinks is an error.
    const end = Math.max(0, file.bytes - 1);
    const chunks: AsyncIterable<Buffer> = createReadStream(file.path, { end, highWaterMark: readBytes });
    for await (const chunk of file.bytes === 0 ? [] : chunks) {
      yield chunk;
      sentBytes += chunk.length;
      form.onProgress(sentBytes, file.bytes);
    }
    if (sentBytes !== file.bytes) throw new Failure(`${file.path} became shorter while it was read`);
  }
  yield tail;
}

function partHead(boundary: string, name: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`;
}

/** WHATWG HTML, multipart/form-data encoding: only these three are escaped in names. */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
