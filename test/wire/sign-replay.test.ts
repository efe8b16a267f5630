import { describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { createKey } from '../support/keys.js';
import { plain } from '../support/pictures.js';
import { type RunningServer, startServer } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';

/** Single-use signatures (threat model S11; docs/decisions/0004). Two server processes on one data folder. */

const server = useServer();
const picture = await plain(8, 8);

async function withSecond<T>(work: (second: RunningServer) => Promise<T>): Promise<T> {
  const second = await startServer({ data: server.data });
  try {
    return await work(second);
  } finally {
    await second.stop();
  }
}

async function upload(url: string, fields: object, path = 'image/upload') {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  form.append('file', new Blob([new Uint8Array(picture)]), 'a.png');
  const response = await fetch(`${url}/v1_1/demo/${path}`, { method: 'POST', body: form });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function assetCount(): Promise<number> {
  const answer = await createClient(server).admin('GET', 'resources/image');
  return answer.json<{ resources: unknown[] }>().resources.length;
}

describe('a single-use signature', () => {
  it('completes one upload of 50 in parallel, across two processes', async () => {
    const key = createClient(server, await createKey(server.data, ['--single-use']));
    const fields = key.credentials({ source: 'uw' });
    const answers = await withSecond((second) =>
      Promise.all(
        Array.from({ length: 50 }, (_, index) => upload(index % 2 === 0 ? server.url : second.url, fields)),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(49).fill(401)]);
    expect(await assetCount()).toBe(1);
  });

  it('is remembered across restarts', async () => {
    const key = createClient(server, await createKey(server.data, ['--single-use']));
    const fields = key.credentials({ public_id: 'once' });
    const first = await withSecond((second) => upload(second.url, fields));
    expect([first.status, (await upload(server.url, fields)).status]).toEqual([200, 401]);
  });

  it('is not used up by an upload that fails', async () => {
    const key = createClient(server, await createKey(server.data, ['--single-use']));
    const fields = key.credentials({ allowed_formats: 'jpg,png', public_id: 'patient' });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
    form.append('file', new Blob(['GIF89a broken']), 'a.gif');
    expect((await fetch(`${server.url}/v1_1/demo/image/upload`, { method: 'POST', body: form })).status).toBe(
      400,
    );
    expect((await upload(server.url, fields)).status).toBe(200);
  });

  it('with overwrite=false a retry gets the asset again', async () => {
    const key = createClient(server, await createKey(server.data, ['--single-use']));
    const fields = key.credentials({ overwrite: 'false', public_id: 'kept' });
    const first = await upload(server.url, fields);
    const again = await upload(server.url, fields);
    expect([first.status, again.status, again.body.existing]).toEqual([200, 200, true]);
    expect(again.body.asset_id).toBe(first.body.asset_id);
  });
});
