import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../support/client.js';
import { runCommand } from '../support/commands.js';
import { dataFolder } from '../support/data-folder.js';
import { plain } from '../support/pictures.js';
import { startServer } from '../support/start-server.js';
import { defectLines } from '../support/use-server.js';
import { onSmallDisk, whyNoSmallDisk } from './small-disk.js';

/*
 * A real file system that is too small, so that the kernel says no: 500 (docs/decisions/0002), nothing half-done, and a server that
 * goes on.
 */
const diskMegabytes = 12;
/** Until the disk is full, not until little is free. */
const noFloor = { COUNTERSEAL_MIN_FREE_BYTES: '0' };
const reason = await whyNoSmallDisk();
if (reason !== null) console.warn(`skipped: uploads to a full disk: ${reason}`);

const file = (megabytes: number) => ({ bytes: randomBytes(megabytes * 1024 * 1024), filename: 'f.bin' });

describe.skipIf(reason !== null)('a full disk', () => {
  it('refuses what does not fit, keeps nothing of it, and takes uploads again when there is room', async () => {
    await onSmallDisk(diskMegabytes, async (mountPoint) => {
      const server = await startServer({ data: mountPoint, env: noFloor });
      onTestFinished(() => server.kill9());
      const client = createClient(server);
      const data = dataFolder(mountPoint);
      const upload = (public_id: string, megabytes: number) =>
        client.upload(file(megabytes), { public_id }, { resourceType: 'raw' });

      let kept = 0;
      let refused = await upload('kept-0', 1);
      for (; refused.status === 200; refused = await upload(`kept-${kept}`, 1)) kept += 1;
      expect(kept).toBeGreaterThan(2);
      expect([refused.status, refused.message]).toEqual([500, 'The storage is full']);
      expect((await upload('too-large', diskMegabytes)).message).toBe('The storage is full');
      expect(await data.staged()).toEqual([]);
      expect(await data.blobs()).toHaveLength(kept);
      expect((await client.admin('GET', 'resources/raw/upload/too-large')).status).toBe(404);
      expect(await data.brokenRows()).toEqual([]);

      const removal = await client.call('raw/destroy', { public_id: 'kept-0' });
      expect(removal.json()).toEqual({ result: 'ok' });
      const again = await upload('again', 1);
      expect(again.status, again.text).toBe(200);
      expect((await client.deliver(again.json<{ url: string }>().url)).status).toBe(200);

      expect(otherErrors(server.log())).toEqual([]);
      expect(await server.stop()).toBe(0);
    });
  });

  it('refuses an upload whose derivatives do not fit, and one whose row does not', async () => {
    await onSmallDisk(diskMegabytes, async (mountPoint) => {
      const server = await startServer({ data: mountPoint, env: noFloor });
      onTestFinished(() => server.kill9());
      const client = createClient(server);
      const data = dataFolder(mountPoint);
      const fill = async (bytes: number) => {
        for (let size = bytes; size >= 1024; size = Math.floor(size / 2))
          for (let full = false; !full; )
            full =
              (await runCommand('sh', ['-c', `head -c ${size} /dev/zero >> ${mountPoint}/ballast`])).code !==
              0;
      };
      const picture = await plain(200, 150, { format: 'jpg' });
      expect((await client.upload({ bytes: picture }, { public_id: 'first' })).status).toBe(200);
      await fill(1024 * 1024);
      const eager = await client.upload(
        { bytes: picture },
        { public_id: 'eager', eager: 'c_scale,w_900/png' },
      );
      expect([eager.status, eager.message]).toEqual([500, 'The storage is full']);
      const tiny = await client.upload({ bytes: picture }, { public_id: 'tiny' });
      expect([tiny.status, tiny.message]).toEqual([500, 'The storage is full']);
      expect((await client.admin('GET', 'ping')).status).toBe(200);
      await runCommand('rm', [join(mountPoint, 'ballast')]);

      expect(await data.staged()).toEqual([]);
      expect(await data.brokenRows()).toEqual([]);
      for (const id of ['eager', 'tiny'])
        expect((await client.admin('GET', `resources/image/upload/${id}`)).status).toBe(404);
      expect((await client.upload({ bytes: picture }, { public_id: 'tiny' })).status).toBe(200);
      expect(otherErrors(server.log())).toEqual([]);
      expect(await server.stop()).toBe(0);
    });
  });
});

/** What is logged as an error besides the refusals, which an operator must see. */
function otherErrors(log: string): string[] {
  return defectLines(log).filter((line) => !line.includes('"msg":"the storage is full"'));
}
