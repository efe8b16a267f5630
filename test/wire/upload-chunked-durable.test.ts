import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { chunkBytes, chunkHeaders, mebibyte, newUploadId, pieces, sendChunk } from '../support/chunks.js';
import { createClient } from '../support/client.js';
import { filePart, multipart, partsOf } from '../support/forms.js';
import type { HttpAnswer } from '../support/http.js';
import { type RunningServer, startServer } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** An acknowledged chunk survives crashes; several servers on one folder are one (threat model T38; rule 1 of docs/architecture.md). */

const bytes = randomBytes(2 * chunkBytes + 4321);
const md5 = (data: Uint8Array) => createHash('md5').update(data).digest('hex');
const parts = pieces(bytes.length);
const raw = { resourceType: 'raw' };
type Finished = UploadAnswer & { done: boolean };

/** Servers of these tests that may still be running, and their folders. */
const running = new Set<RunningServer>();
const folders: Awaited<ReturnType<typeof tmpDir>>[] = [];
afterAll(async () => {
  for (const server of running) await server.kill9();
  for (const folder of folders) await folder.remove();
});

async function newFolder(): Promise<string> {
  const folder = await tmpDir();
  folders.push(folder);
  return folder.path;
}

async function start(data: string): Promise<RunningServer> {
  const server = await startServer({ data });
  running.add(server);
  return server;
}

async function crash(server: RunningServer): Promise<void> {
  await server.kill9();
  running.delete(server);
}

function send(server: { readonly url: string }, uploadId: string, index: number): Promise<HttpAnswer> {
  const { start: from = 0, end = 0 } = parts[index] ?? {};
  const chunk = { file: bytes, start: from, end, total: bytes.length, uploadId };
  return sendChunk(createClient(server), chunk, { public_id: `${uploadId}.bin` }, raw);
}

async function expectStored(server: { readonly url: string }, answer: HttpAnswer): Promise<Finished> {
  const finished = answer.json<Finished>();
  expect(finished).toMatchObject({ done: true, etag: md5(bytes), bytes: bytes.length });
  const delivered = await createClient(server).deliver(new URL(finished.url).pathname);
  expect(delivered.bytes.equals(bytes)).toBe(true);
  return finished;
}

/** Versions count: an upload that was completed twice has the later one. */
async function versionOf(server: { readonly url: string }, publicId: string): Promise<number> {
  const answer = await createClient(server).admin('GET', `resources/raw/upload/${publicId}`);
  return answer.json<UploadAnswer>().version;
}

describe('after kill -9', () => {
  it('the upload goes on with the next chunk', { timeout: 120_000 }, async () => {
    const uploadId = newUploadId();
    const data = await newFolder();
    for (const index of [2, 0]) {
      const server = await start(data);
      expect((await send(server, uploadId, index)).json()).toMatchObject({ done: false });
      await crash(server);
    }
    const server = await start(data);
    await expectStored(server, await send(server, uploadId, 1));
    expect(await server.stop()).toBe(0);
    running.delete(server);
  });

  // A crash while the chunks are put together costs the wait for the lease of the dead server: all of them at one time.
  it('at any moment of the last chunk, sending it again gives one whole asset', {
    timeout: 180_000,
  }, async () => {
    await Promise.all(
      [0, 15, 40, 100].map(async (delayMs) => {
        const uploadId = newUploadId();
        const data = await newFolder();
        const first = await start(data);
        await send(first, uploadId, 0);
        await send(first, uploadId, 1);
        const last = send(first, uploadId, 2).catch(() => null);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await crash(first);
        const seen = await last;

        const second = await start(data);
        const again = await expectStored(second, await send(second, uploadId, 2));
        if (seen !== null)
          expect(again).toEqual({ ...seen.json<Finished>(), url: again.url, secure_url: again.url });
        expect(await versionOf(second, again.public_id)).toBe(again.version);
        expect(again.overwritten ?? false).toBe(false);
        await crash(second);
      }),
    );
  });
});

describe('two servers on one folder', () => {
  it('take the chunks of one upload in turn, and complete it once when both are asked', {
    timeout: 120_000,
  }, async () => {
    const data = await newFolder();
    const [one, two] = [await start(data), await start(data)];
    const uploadId = newUploadId();
    await send(one, uploadId, 0);
    await send(two, uploadId, 2);
    const answers = await Promise.all([one, two, one, two].map((server) => send(server, uploadId, 1)));
    const [finished] = await Promise.all([expectStored(one, answers[0] as HttpAnswer)]);
    for (const answer of answers) {
      const { url, secure_url, ...rest } = answer.json<Finished>();
      expect(finished).toMatchObject(rest);
    }
    expect(await versionOf(two, finished.public_id)).toBe(finished.version);
    for (const server of [one, two]) await crash(server);
  });
});

describe('on one server', () => {
  const server = useServer();

  it('a connection that is cut in the middle of a chunk loses nothing but that chunk', async () => {
    const uploadId = newUploadId();
    await send(server, uploadId, 0);
    const chunk = { start: parts[1]?.start ?? 0, end: parts[1]?.end ?? 0, total: bytes.length, uploadId };
    const client = createClient(server);
    const form = multipart([
      ...partsOf(client.credentials({ public_id: `${uploadId}.bin` })),
      filePart({ bytes: bytes.subarray(chunk.start, chunk.end) }),
    ]);
    for (const share of [0.2, 0.9, 0.9999])
      await sendCut(server.url, client.api('raw/upload'), form, chunkHeaders(chunk), share);
    expect((await send(server, uploadId, 0)).json()).toMatchObject({ done: false, bytes: chunkBytes });
    expect((await send(server, uploadId, 1)).json()).toMatchObject({ done: false, bytes: 2 * chunkBytes });
    await expectStored(server, await send(server, uploadId, 2));
  });

  it('a large file passes through little memory', async () => {
    const piece = randomBytes(16 * mebibyte);
    const uploadId = newUploadId();
    const count = 20;
    const total = count * piece.length;
    const client = createClient(server);
    const before = await highWaterMark(server.process.pid);
    const hash = createHash('md5');
    let last: HttpAnswer | null = null;
    for (let index = 0; index < count; index++) {
      piece.writeUInt32LE(index, 0);
      hash.update(piece);
      const start = index * piece.length;
      last = await client.upload(
        { bytes: piece },
        {},
        {
          ...raw,
          headers: chunkHeaders({ start, end: start + piece.length, total, uploadId }),
        },
      );
    }
    expect(last?.json()).toMatchObject({ done: true, bytes: total, etag: hash.digest('hex') });
    const grownMiB = (await highWaterMark(server.process.pid)) - before;
    expect(grownMiB).toBeLessThan(96);
  });
});

/** Sends a share of the request and cuts the line. */
function sendCut(
  url: string,
  path: string,
  form: { contentType: string; body: Buffer },
  headers: Record<string, string>,
  share: number,
): Promise<void> {
  const { hostname, port } = new URL(url);
  const lines = {
    Host: hostname,
    'Content-Type': form.contentType,
    'Content-Length': form.body.length,
    ...headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', reject).on('close', () => resolve());
    socket.write(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`);
    socket.write(form.body.subarray(0, Math.floor(form.body.length * share)), () => {
      setTimeout(() => socket.destroy(), 50);
    });
  });
}

/** Largest resident memory of a process so far, MiB. */
async function highWaterMark(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
