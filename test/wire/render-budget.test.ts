import { describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import type { HttpAnswer } from '../support/http.js';
import { plain } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/*
 * One picture in ever new sizes: what that may cost the others, and the disk (threat model T27; docs/decisions/0006). Ten thousand
 * widths, scaled down to what one renderer and a small bound make of them.
 */
const blockBytes = 4096;
const keptBlocks = 32;
const maxDerivedBytes = keptBlocks * blockBytes;
/** What one client may have waiting; see the decision. */
const maxWaiting = 64;

const server = useServer({
  env: {
    COUNTERSEAL_RENDERERS: '1',
    COUNTERSEAL_MAX_DERIVED_BYTES: String(maxDerivedBytes),
    COUNTERSEAL_LOG_LEVEL: 'debug',
  },
});

async function uploadPicture(width: number, height: number, params = {}): Promise<UploadAnswer> {
  const bytes = await plain(width, height, { format: 'jpg' });
  return (await createClient(server).upload({ bytes }, params)).json<UploadAnswer>();
}

interface AccessLine {
  readonly time: string;
  readonly client: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

/** How many pictures the server sent to a client while it answered somebody else's question, by its own log. */
function renderedFor(client: string, meanwhile: string): number {
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line.includes('"msg":"request"'))
    .map((line) => JSON.parse(line) as AccessLine);
  const question = lines.find(({ path }) => path === meanwhile);
  if (question === undefined) throw new Error(`${meanwhile} is not in the log`);
  const endMs = Date.parse(question.time);
  const startMs = endMs - question.durationMs;
  return lines.filter((line) => {
    const atMs = Date.parse(line.time);
    return line.client === client && line.status === 200 && atMs > startMs && atMs <= endMs;
  }).length;
}

const inWidth = ({ url }: UploadAnswer, width: number) =>
  new URL(url.replace('/upload/', `/upload/c_scale,w_${width}/`)).pathname;

describe('a client that asks for hundreds of sizes', () => {
  const asked = 250;

  it('waits for its own turns, and nobody waits for more than one of them', async () => {
    const client = createClient(server);
    const photo = await uploadPicture(2400, 1800);
    const answers: HttpAnswer[] = [];
    const rendered = () => answers.filter(({ status }) => status === 200).length;
    const flood = Array.from({ length: asked }, async (_, index) => {
      const answer = await client.raw({ path: inWidth(photo, 400 + index), from: '127.0.0.2' });
      answers.push(answer);
      return answer;
    });
    await expect.poll(rendered, { timeout: 30_000 }).toBeGreaterThan(2);

    const modest = [100, 101, 102, 103].map((width) => inWidth(photo, width));
    for (const path of modest) expect((await client.raw({ path })).status).toBe(200);
    const upload = await client.upload({ bytes: await plain(60, 40) }, { eager: 'c_scale,w_20' });
    expect(upload.status).toBe(200);
    // All of that happened in the middle of the flood.
    expect(answers.length).toBeLessThan(asked);
    const all = await Promise.all(flood);
    const refused = all.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(rendered()).toBeGreaterThanOrEqual(maxWaiting);
    // Between its question and its answer the greedy client got a picture or two, not all that it had waiting.
    for (const path of modest) expect(renderedFor('127.0.0.2', path)).toBeLessThan(maxWaiting / 8);
    for (const { status, headers } of refused) {
      const { 'x-cld-error': message, 'retry-after': retryAfter } = headers;
      expect([status, message, retryAfter]).toEqual([
        420,
        'Rate limit exceeded: the server is busy, retry in 5 seconds',
        '5',
      ]);
    }
  });
});

describe('strangers who upload', () => {
  it('by an unsigned preset keep nobody out who has a key', async () => {
    const client = createClient(server);
    await client.admin('POST', 'upload_presets', { name: 'open', unsigned: true });
    const slow = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="3000"><filter id="f">${'<feGaussianBlur stdDeviation="99"/>'.repeat(60)}</filter><rect width="3000" height="3000" filter="url(#f)"/></svg>`,
    );
    const statuses: number[] = [];
    const gone = new AbortController();
    const flood = Array.from({ length: maxWaiting + 6 }, async () => {
      const body = new FormData();
      body.append('upload_preset', 'open');
      body.append('file', new Blob([slow]), 'slow.svg');
      const url = server.url + client.api('image/upload');
      const answer = await fetch(url, { method: 'POST', body, signal: gone.signal }).catch(() => null);
      if (answer !== null) statuses.push(answer.status);
    });
    await expect.poll(() => statuses.includes(420), { timeout: 30_000 }).toBe(true);
    expect((await client.upload({ bytes: await plain(60, 40) })).status).toBe(200);
    expect(statuses.length).toBeLessThan(flood.length / 2);
    gone.abort();
    await Promise.all(flood);
  });
});

describe('derivatives that nobody was promised', () => {
  it('are kept up to a bound, the oldest are dropped, and all are delivered again', {
    timeout: 120_000,
  }, async () => {
    const client = createClient(server);
    const data = dataFolder(server.data);
    const picture = await uploadPicture(120, 90, { eager: 'c_scale,w_20|c_scale,w_21' });
    const before = data.rows().length;
    for (let width = 30; width < 110; width++)
      expect((await client.raw({ path: inWidth(picture, width) })).status).toBe(200);

    const derived = () => data.rows().filter(({ table }) => table === 'derived');
    // A look comes with every sixteenth of the bound that is stored.
    const most = keptBlocks + keptBlocks / 16 + 1;
    await expect.poll(() => derived().length).toBeLessThanOrEqual(most + 3);
    expect(data.rows().length).toBeLessThan(before + 80);
    await expect.poll(async () => (await data.blobs()).length - data.rows().length).toBe(0);
    expect(await data.brokenRows()).toEqual([]);

    const left = async () => {
      const details = await client.admin('GET', `resources/image/upload/${picture.public_id}`);
      const { derived: stored } = details.json<{ derived: { transformation: string }[] }>();
      return stored.map(({ transformation }) => transformation);
    };
    const promisedAndNewest = ['c_scale,w_20', 'c_scale,w_21', 'c_scale,w_109'];
    await expect.poll(left).toEqual(expect.arrayContaining(promisedAndNewest));
    expect(await left()).not.toContain('c_scale,w_30');
    expect((await client.raw({ path: inWidth(picture, 30) })).status).toBe(200);
  });
});
