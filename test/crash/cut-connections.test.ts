import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Client, createClient } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { filePart, multipart, partsOf } from '../support/forms.js';
import { plain } from '../support/pictures.js';
import { chooseSeed, createRandom } from '../support/random.js';
import type { Params } from '../support/sign.js';
import { type RunningServer, startServer } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { defectLines, useServer } from '../support/use-server.js';

const cuts = 120;
const largeBytes = 1024 * 1024;

/** The bytes of one upload request, as they go over the connection. */
function rawUpload(client: Client, bytes: Uint8Array, params: Params): Buffer {
  const form = multipart([
    ...partsOf(client.credentials(params)),
    filePart({ bytes, filename: 'photo.jpg' }),
  ]);
  const head = [
    `POST ${client.api('image/upload')} HTTP/1.1`,
    'Host: localhost',
    `Content-Type: ${form.contentType}`,
    `Content-Length: ${form.body.byteLength}`,
    'Connection: close',
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n')), form.body]);
}

async function dial({ url }: Pick<RunningServer, 'url'>): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('clients that go away', () => {
  const server = useServer();

  it('leave no staged file, no row and no noise, wherever they stop', async () => {
    const seed = chooseSeed();
    console.info(`cut connections: COUNTERSEAL_TEST_SEED=${seed} repeats it`);
    const random = createRandom(seed);
    const client = createClient(server);
    const picture = await plain(64, 48, { format: 'jpg' });
    const large = Buffer.concat([picture, Buffer.alloc(largeBytes, random.bytes(64))]);
    const one = async (index: number) => {
      const eager: Params = index % 3 === 0 ? { eager: 'c_pad,h_30,w_40' } : {};
      const request = rawUpload(client, index % 2 === 0 ? large : picture, {
        public_id: `cut-${index}`,
        ...eager,
      });
      const socket = await dial(server);
      socket.on('error', () => undefined);
      // The last byte is never sent: what is cut off was never a whole request.
      socket.write(request.subarray(0, random.whole(1, request.byteLength - 1)));
      await new Promise((resolve) => setTimeout(resolve, random.whole(0, 30)));
      if (random.next() < 0.5) socket.resetAndDestroy();
      else socket.destroy();
    };
    for (let index = 0; index < cuts; index += 4)
      await Promise.all([0, 1, 2, 3].map((offset) => one(index + offset)));

    const data = dataFolder(server.data);
    await expect.poll(() => data.staged(), { timeout: 10_000 }).toEqual([]);
    expect(await data.blobs()).toEqual([]);
    expect(data.rows()).toEqual([]);
    expect(defectLines(server.log())).toEqual([]);
    const after = await client.upload({ bytes: picture }, { public_id: 'after' });
    expect(after.status).toBe(200);
  });

  it('may leave before the answer: the upload is whole or absent', async () => {
    const client = createClient(server);
    const picture = await plain(64, 48, { format: 'jpg' });
    for (let index = 0; index < 20; index += 1) {
      const socket = await dial(server);
      socket.on('error', () => undefined);
      socket.write(rawUpload(client, picture, { public_id: `left-${index}`, eager: 'c_pad,h_30,w_40' }));
      await new Promise((resolve) => setTimeout(resolve, index * 5));
      socket.destroy();
    }
    const data = dataFolder(server.data);
    await expect.poll(() => data.staged(), { timeout: 10_000 }).toEqual([]);
    for (let index = 0; index < 20; index += 1) {
      const details = await client.admin('GET', `resources/image/upload/left-${index}`);
      expect([200, 404]).toContain(details.status);
      if (details.status === 200)
        expect((await client.deliver(details.json<{ url: string }>().url)).bytes).toEqual(picture);
    }
    const named = data.rows().map(({ blobKey }) => blobKey);
    await expect.poll(() => data.blobs()).toEqual(named.sort());
  });
});

describe('SIGTERM during an upload', () => {
  it('lets it come to its end, acknowledges it, and ends with 0', async () => {
    const folder = await tmpDir();
    const server = await startServer({ data: folder.path });
    const client = createClient(server);
    const picture = await plain(64, 48, { format: 'jpg' });
    const request = rawUpload(client, picture, { public_id: 'last', eager: 'c_pad,h_30,w_40' });
    const socket = await dial(server);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.write(request.subarray(0, 400));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const ended = server.stop();
    await expect.poll(() => server.log()).toContain('finishing what is under way');
    socket.write(request.subarray(400));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ended).toBe(0);
    expect(defectLines(server.log())).toEqual([]);

    const again = await startServer({ data: folder.path });
    const details = await createClient(again).admin('GET', 'resources/image/upload/last');
    expect(details.json()).toMatchObject({ public_id: 'last', derived: [{ format: 'jpg' }] });
    expect(await again.stop()).toBe(0);
    await folder.remove();
  });
});
