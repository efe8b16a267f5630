import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { runCommand } from '../support/commands.js';
import { plain } from '../support/pictures.js';
import type { Params } from '../support/sign.js';
import { startServer } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { filesNamed, findDisorder } from './durable-order.js';
import { readTrace, type SystemCall } from './trace.js';

/*
 * What kill -9 cannot show: it leaves the page cache, so a missing fsync goes unnoticed. The trace of the system calls shows it.
 */
const callNames =
  'write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,link,linkat,rename,renameat,renameat2,sendto,sendmsg';
const traced = await canTrace();
if (!traced.possible) console.warn(`skipped: the system-call trace of an upload: ${traced.reason}`);

const eager = 'c_pad,h_30,w_40|c_fill,h_20,w_20/webp';
/** Name, resource type, parameters, files that must be there before the answer. The last one leaves work for afterwards. */
const uploads: readonly (readonly [string, string, Params, number])[] = [
  ['a signed upload', 'image', {}, 1],
  ['an upload with an eager pair', 'image', { eager }, 3],
  ['an overwrite', 'image', { public_id: 'warm-up', eager }, 3],
  ['a raw file', 'raw', {}, 1],
  ['an incoming transformation', 'image', { transformation: 'c_scale,w_20' }, 1],
  ['a promise to upload later', 'image', { async: true }, 1],
];

describe.skipIf(!traced.possible)('bytes, name, folder, row, answer', () => {
  let calls: SystemCall[] = [];
  let data = '';
  const answers: string[] = [];

  beforeAll(async () => {
    const folder = await tmpDir();
    const trace = join(folder.path, 'trace');
    data = join(folder.path, 'data');
    // -D: the server stays our child; the tracer is a child of its own.
    const under = ['strace', '-D', '-f', '-y', '-s', '96', '-o', trace, '-e', `trace=${callNames}`];
    const server = await startServer({ under, data, readyTimeoutMs: 60_000 });
    const client = createClient(server);
    const bytes = await plain(60, 40, { format: 'jpg' });
    const upload = async (params: Params, resourceType = 'image') => {
      const answer = await client.upload({ bytes }, params, { resourceType });
      expect(answer.status, answer.text).toBe(200);
      return String(answer.headers['x-request-id']);
    };
    answers.push(await upload({ public_id: 'warm-up', eager }));
    for (const [, resourceType, params] of uploads) answers.push(await upload(params, resourceType));
    expect(await server.stop()).toBe(0);
    calls = readTrace(await readFile(trace, 'utf8'));
    await folder.remove();
  }, 120_000);

  it.each(uploads.map((upload, index) => [...upload, index] as const))(
    'stand in this order for %s',
    (_, __, ___, files, index) => {
      const answerOf = (id: string | undefined) => calls.findIndex(({ text }) => text.includes(id ?? 'none'));
      const [from, to] = [answerOf(answers[index]), answerOf(answers[index + 1])];
      expect(to).toBeGreaterThan(from);
      const ours = calls.slice(from + 1, to + 1);
      const named = filesNamed(ours, join(data, 'blobs'));
      expect(named).toHaveLength(files);
      const log = join(data, 'counterseal.db-wal');
      const answer = new RegExp(answers[index + 1] ?? 'none');
      expect(findDisorder(ours, { files: named, log, answer })).toEqual([]);
    },
  );
});

async function canTrace(): Promise<{ possible: boolean; reason: string }> {
  const { code, stderr } = await runCommand('strace', ['-f', '-o', '/dev/null', 'true']);
  return { possible: code === 0, reason: stderr.trim().split('\n')[0] ?? 'strace is not installed' };
}
