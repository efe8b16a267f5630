import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { createRandom } from '../support/random.js';
import { type RunningServer, startServer } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { defectLines } from '../support/use-server.js';
import type { ResourceAnswer, UploadAnswer } from '../support/wire-shapes.js';
import { type Content, createContents } from './contents.js';

/* Two processes on one data folder (threat model T37): each row has bytes, each file has a row, and one id has one asset. */
describe('two servers on one data folder', () => {
  const servers: RunningServer[] = [];
  let clients: Client[] = [];
  let newContent: () => Content = () => ({ bytes: Buffer.alloc(0), md5: '' });
  const folder = tmpDir();

  beforeAll(async () => {
    newContent = await createContents(createRandom(1));
    const { path } = await folder;
    // Both at once, on an empty folder: one of them makes the key and the tables.
    servers.push(...(await Promise.all([startServer({ data: path }), startServer({ data: path })])));
    clients = servers.map((server) => createClient(server));
  });

  afterAll(async () => {
    for (const server of servers) {
      expect(await server.stop()).toBe(0);
      expect(defectLines(server.log())).toEqual([]);
    }
    await (await folder).remove();
  });

  it('make one asset of many uploads of one public id', async () => {
    const eager = 'c_pad,h_30,w_40';
    const uploads = Array.from({ length: 16 }, (_, index) => ({ ...newContent(), index }));
    const answers = await Promise.all(
      uploads.map(({ bytes, index }) =>
        clients[index % 2]?.upload({ bytes }, { public_id: 'contended', eager }),
      ),
    );
    expect(answers.map((answer) => answer?.status)).toEqual(uploads.map(() => 200));
    const stored = answers.map((answer) => answer?.json<UploadAnswer>());
    expect(new Set(stored.map((upload) => upload?.asset_id)).size).toBe(1);
    expect(new Set(stored.map((upload) => upload?.version)).size).toBe(uploads.length);

    const last = stored.toSorted((a, b) => (b?.version ?? 0) - (a?.version ?? 0))[0];
    for (const client of clients) {
      const details = await client.admin('GET', 'resources/image/upload/contended');
      expect(details.json<ResourceAnswer>()).toMatchObject({ etag: last?.etag, version: last?.version });
      const delivered = await client.deliver(last?.url ?? '');
      expect(delivered.bytes).toEqual(uploads.find(({ md5 }) => md5 === last?.etag)?.bytes);
      expect((await client.deliver(last?.eager?.[0]?.url ?? '')).bytes.byteLength).toBe(
        last?.eager?.[0]?.bytes,
      );
    }
    const data = dataFolder((await folder).path);
    expect(await data.brokenRows()).toEqual([]);
    expect(await data.blobs()).toEqual(
      data
        .rows()
        .map(({ blobKey }) => blobKey)
        .sort(),
    );
  });

  it('let one of them win when overwriting is not allowed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        clients[index % 2]?.upload(newContent(), { public_id: 'once', overwrite: false }),
      ),
    );
    const stored = answers.map((answer) => answer?.json<UploadAnswer>());
    expect(stored.filter((upload) => upload?.existing !== true)).toHaveLength(1);
    expect(new Set(stored.map((upload) => upload?.etag)).size).toBe(1);
  });

  it('forget what the other deletes: rows at once, a delivery kept in memory within seconds', async () => {
    const [one, other] = clients;
    if (one === undefined || other === undefined) throw new Error('no servers');
    const { url } = (await one.upload(newContent(), { public_id: 'gone' })).json<UploadAnswer>();
    expect((await one.deliver(url)).status).toBe(200);
    expect((await other.call('image/destroy', { public_id: 'gone' })).json()).toEqual({ result: 'ok' });
    expect((await one.admin('GET', 'resources/image/upload/gone')).status).toBe(404);
    expect((await other.deliver(url)).status).toBe(404);
    await expect.poll(async () => (await one.deliver(url)).status, { timeout: 5000 }).toBe(404);
  });

  it('do each deferred upload once', async () => {
    const before = dataFolder((await folder).path).rows().length;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => clients[index % 2]?.upload(newContent(), { async: true })),
    );
    expect(answers.map((answer) => answer?.json().status)).toEqual(answers.map(() => 'pending'));
    const data = dataFolder((await folder).path);
    await expect.poll(() => data.jobs(), { timeout: 30_000 }).toEqual({ waiting: 0, dead: 0 });
    expect(data.rows()).toHaveLength(before + answers.length);
  });
});
