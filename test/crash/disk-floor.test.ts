import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { plain } from '../support/pictures.js';
import { startServer } from '../support/start-server.js';
import { defectLines } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';
import { onSmallDisk, whyNoSmallDisk } from './small-disk.js';

/* What must stay free stays free (docs/decisions/0006; threat model T6): on a real file system that is nearly too small. */
const mebibyte = 1024 * 1024;
const diskMegabytes = 64;
const floorBytes = 56 * mebibyte;
/** What a server writes between two looks at the free space. */
const recheckBytes = 16 * mebibyte;
const reason = await whyNoSmallDisk();
if (reason !== null) console.warn(`skipped: less free space than must stay: ${reason}`);

describe.skipIf(reason !== null)('less free space than must stay', () => {
  it('refuses uploads, delivers derivatives without storing them, and takes uploads again when there is room', async () => {
    await onSmallDisk(diskMegabytes, async (mountPoint) => {
      const server = await startServer({
        data: mountPoint,
        env: { COUNTERSEAL_MIN_FREE_BYTES: String(floorBytes) },
      });
      onTestFinished(() => server.kill9());
      const client = createClient(server);
      const data = dataFolder(mountPoint);
      const freeBytes = async () => {
        const { bavail, bsize } = await statfs(mountPoint);
        return bavail * bsize;
      };
      const upload = (public_id: string, megabytes: number) =>
        client.upload({ bytes: randomBytes(megabytes * mebibyte) }, { public_id }, { resourceType: 'raw' });
      const derivedRows = () => data.rows().filter(({ table }) => table === 'derived').length;

      const picture = { bytes: await plain(200, 150, { format: 'jpg' }) };
      const { url } = (await client.upload(picture, { public_id: 'picture' })).json<UploadAnswer>();
      const derived = (width: number) =>
        client.deliver(url.replace('/upload/', `/upload/c_scale,w_${width}/`));

      let kept = 0;
      let refused = await upload('kept-0', 1);
      for (; refused.status === 200; refused = await upload(`kept-${kept}`, 1)) kept += 1;
      expect([refused.status, refused.message]).toEqual([500, 'The storage is full']);
      expect(kept).toBeGreaterThan(3);
      expect(await freeBytes()).toBeLessThan(floorBytes);
      expect(await freeBytes()).toBeGreaterThan(floorBytes - 2 * mebibyte);
      expect(server.log()).toMatch(/bytes are free, 58720256 must stay.*"msg":"the storage is full"/);

      for (const width of [31, 31, 32]) expect((await derived(width)).status).toBe(200);
      await expect.poll(() => data.staged()).toEqual([]);
      expect(derivedRows()).toBe(0);

      for (const id of ['kept-0', 'kept-1', 'kept-2'])
        expect((await client.call('raw/destroy', { public_id: id })).json()).toEqual({ result: 'ok' });
      expect((await derived(33)).status).toBe(200);
      await expect.poll(derivedRows).toBe(1);

      // One that fits the disk, but not what may be used of it, is stopped on its way.
      const tooLarge = await upload('too-large', 40);
      expect([tooLarge.status, tooLarge.message]).toEqual([500, 'The storage is full']);
      expect(await data.staged()).toEqual([]);
      expect((await upload('again', 1)).status).toBe(200);
      expect(await freeBytes()).toBeGreaterThan(floorBytes - recheckBytes);
      expect(await data.brokenRows()).toEqual([]);

      const others = defectLines(server.log()).filter(
        (line) => !line.includes('"msg":"the storage is full"'),
      );
      expect(others).toEqual([]);
      expect(await server.stop()).toBe(0);
    });
  });
});
