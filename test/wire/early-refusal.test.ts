import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createClient } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { type Form, filePart, multipart, partsOf } from '../support/forms.js';
import { send } from '../support/http.js';
import { plain } from '../support/pictures.js';
import { nowSeconds, type Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';

/** "When the credentials stand before the file in the form they are checked before the bytes are read" (docs/architecture.md). */

const server = useServer();
const client = createClient(server);
const fileBytes = 50 * 1024 * 1024;

/** Sends the fields of an upload of 50 MB and the first kilobyte of the file; resolves with what the server says to that. */
function startUpload(params: Params): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const { body, contentType } = multipart([...partsOf(params), filePart({ bytes: Buffer.alloc(1024) })]);
  const start = body.subarray(0, body.lastIndexOf('\r\n--'));
  const head = [
    `POST ${client.api('image/upload')} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${start.length + fileBytes}`,
    '',
    '',
  ].join('\r\n');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const timer = setTimeout(() => finish('nothing'), 5_000);
    let answer = '';
    const finish = (text: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
      if (answer.endsWith('"}}\r\n') || answer.endsWith('"}}')) finish(answer);
    });
    socket.write(head);
    socket.write(start);
  });
}

it.each<[string, () => Params, string]>([
  ['an unknown key', () => ({ ...client.credentials({}), api_key: 'nobody' }), '401 Unauthorized'],
  ['a stale timestamp', () => client.credentials({ timestamp: nowSeconds() - 4000 }), '400 Bad Request'],
  ['a parameter that is not built', () => client.credentials({ ocr: 'adv_ocr' }), '400 Bad Request'],
])('%s is answered before the file is sent', async (_, params, status) => {
  const answer = await startUpload(params());
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
  expect(answer).toMatch(/\r\nConnection: close\r\n/i);
});

it('a client that sends everything first gets to see the answer', async () => {
  const file = { bytes: Buffer.alloc(fileBytes) };
  const form = multipart([...partsOf({ ...client.credentials({}), api_key: 'nobody' }), filePart(file)]);
  const answer = await client.post('raw/upload', form);
  expect([answer.status, answer.message]).toEqual([401, 'Unknown API key nobody']);
});

const reordered = (params: Params, file: Buffer): Form => {
  const { signature = '', api_key = '', ...rest } = params;
  return multipart([...partsOf({ signature, api_key }), filePart({ bytes: file }), ...partsOf(rest)]);
};

it('a signature in front of the file may cover fields behind it, while the file is small', async () => {
  const small = await client.post(
    'image/upload',
    reordered(client.credentials({ tags: 'late' }), await plain(9, 9)),
  );
  expect([small.status, small.json()]).toEqual([200, expect.objectContaining({ tags: ['late'] })]);
  const large = await client.post(
    'raw/upload',
    reordered(client.credentials({ tags: 'late' }), Buffer.alloc(2_000_000)),
  );
  expect([large.status, large.message]).toEqual([400, 'Missing required parameter - timestamp']);
});

it('fields behind the file are verified like all others', async () => {
  const file = filePart({ bytes: await plain(9, 9) });
  const form = multipart([...partsOf(client.credentials({})), file, { name: 'tags', value: 'smuggled' }]);
  const answer = await client.post('image/upload', form);
  expect(answer.status).toBe(401);
  expect(answer.message).toMatch(
    /^Invalid Signature [0-9a-f]{40}\. String to sign - 'tags=smuggled&timestamp=\d+'\.$/,
  );
});

it('who lets files without credentials drip waits, and takes nobody else the place', async () => {
  const { hostname, port } = new URL(server.url);
  const form = multipart([filePart({ bytes: await plain(9, 9) }), ...partsOf(client.credentials({}))]);
  const head = [
    `POST ${client.api('image/upload')} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Content-Type: ${form.contentType}`,
    `Content-Length: ${form.body.length}`,
    '',
    '',
  ];
  const dripping = Array.from({ length: 40 }, () => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: '127.0.4.1' });
    socket.write(head.join('\r\n'));
    socket.write(form.body.subarray(0, 200));
    onTestFinished(() => void socket.destroy());
    return socket;
  });
  const staged = async () => (await dataFolder(server.data).staged()).length;
  await expect.poll(staged, { timeout: 5_000 }).toBe(8);
  const upload = (from: string) =>
    send(server.url, {
      method: 'POST',
      path: client.api('image/upload'),
      headers: { 'Content-Type': form.contentType },
      body: form.body,
      from,
    });
  expect((await upload('127.0.4.2')).status).toBe(200);
  // More than may be read, all at once, as a page may send them: each gets its turn.
  const many = Array.from({ length: 20 }, () => upload('127.0.4.3'));
  expect((await Promise.all(many)).map(({ status }) => status)).toEqual(many.map(() => 200));
  expect(await staged()).toBe(8);
  const waits = upload('127.0.4.1');
  for (const socket of dripping) socket.destroy();
  expect((await waits).status).toBe(200);
});

it('reads a file on trust, before any credentials, up to 100 MB only', async () => {
  const bytes = Buffer.alloc(101 * 1024 * 1024);
  const form = multipart([filePart({ bytes }), ...partsOf(client.credentials({}))]);
  const answer = await client.post('raw/upload', form);
  expect(answer.status).toBe(400);
  expect(answer.message).toMatch(/^File size too large\. Got \d+\. Maximum is 104857600\.$/);
});
