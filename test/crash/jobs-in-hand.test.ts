import { expect, it, onTestFinished } from 'vitest';
import { createClient } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { heldHost } from '../support/held-host.js';
import { plain } from '../support/pictures.js';
import { startServer } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { defectLines } from '../support/use-server.js';

/* Deferred uploads that are under way when their server stops, or loses them to another one (docs/decisions/0007). */

/** A decoder may have to start first. */
const patient = { timeout: 30_000 };
const env = { COUNTERSEAL_FETCH_ALLOW: '127.0.0.0/8' };

/** A data folder with a host that holds `ids` up, and a way to start servers on it. */
async function held(ids: readonly string[]) {
  const host = await heldHost(await plain(24, 16));
  const folder = await tmpDir();
  onTestFinished(folder.remove);
  const start = async () => {
    const server = await startServer({ data: folder.path, env });
    onTestFinished(() => server.kill9());
    return { server, client: createClient(server) };
  };
  const first = await start();
  for (const public_id of ids)
    await first.client.upload(`${host.url}/${public_id}`, { async: true, public_id });
  await expect.poll(() => host.seen.toSorted(), patient).toEqual(ids.map((id) => `/${id}`));
  return { ...first, start, host, data: dataFolder(folder.path) };
}

it('a stop gives all of them back, uncounted, and the next server does them at once', async () => {
  const ids = ['a', 'b', 'c'];
  const { server, start, host, data } = await held(ids);
  expect(await server.stop()).toBe(0);
  expect(defectLines(server.log())).toEqual([]);
  const next = await start();
  await expect.poll(() => host.seen.length, patient).toBe(2 * ids.length);
  expect(data.attempts()).toEqual([1, 1, 1]);
  host.release();
  await expect.poll(() => data.jobs(), patient).toEqual({ waiting: 0, dead: 0 });
  expect(data.rows()).toHaveLength(ids.length);
  expect(await next.server.stop()).toBe(0);
});

it('what a server has lost it does not store', async () => {
  const { server, client, host, data } = await held(['lost']);
  data.stealJobs();
  host.release();
  await expect.poll(() => server.log(), patient).toContain('"msg":"job has another holder"');
  expect(data.rows()).toEqual([]);
  expect(data.jobs()).toEqual({ waiting: 1, dead: 0 });
  data.endLeases();
  await expect
    .poll(async () => (await client.admin('GET', 'resources/image/upload/lost')).status, patient)
    .toBe(200);
  await expect.poll(() => data.jobs(), patient).toEqual({ waiting: 0, dead: 0 });
  expect(await server.stop()).toBe(0);
});
