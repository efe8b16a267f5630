import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flood } from '../lib/flood.mjs';
import { post, send } from '../lib/http-client.mjs';
import { startNginx } from '../lib/nginx.mjs';
import { startCounterseal, startPeer } from '../lib/processes.mjs';
import { row } from '../lib/report.mjs';
import { playRounds, ratio } from '../lib/rounds.mjs';
import { signedForm, uploadAddress } from '../lib/signed-form.mjs';
import { visit } from '../lib/visit.mjs';

/** P11 and P12: cached delivery against bare node:http, a file stream, a static-file library, and nginx where it is installed. */
export const name = 'delivery';

const kibibyte = 1024;
const sizes = [
  {
    id: 'P11',
    what: '30 KB, from memory',
    bytes: 30 * kibibyte,
    connections: 32,
    requests: { quick: 4_000, full: 10_000 },
    goals: { memory: null, stream: { min: 4 }, sirv: { min: 4 }, nginx: { min: 0.6 } },
  },
  {
    id: 'P12',
    what: '1 MB, from disk',
    bytes: 1024 * kibibyte,
    connections: 16,
    requests: { quick: 300, full: 600 },
    goals: { memory: null, stream: null, sirv: null, nginx: { min: 0.5 } },
  },
];

export async function run({ quick }) {
  const rows = [];
  for (const size of sizes) rows.push(...(await deliver(size, quick)));
  return rows;
}

async function deliver({ id, what, bytes, connections, requests, goals }, quick) {
  const file = randomBytes(bytes);
  const folder = await mkdtemp(join(tmpdir(), 'counterseal-bench-'));
  const path = join(folder, 'file.bin');
  await writeFile(path, file);
  const servers = [];
  const start = async (name, starting, suffix = '') => {
    const server = await starting;
    if (server === null) return;
    servers.push({ ...server, name, url: `${server.url}${suffix}` });
  };
  try {
    await start('ours', startCounterseal());
    const [ours] = servers;
    ours.url = (await post(uploadAddress(ours.url, 'raw'), signedForm(file))).url;
    for (const peer of ['memory', 'stream']) await start(peer, startPeer('deliver.mjs', [peer, path]));
    await start('sirv', startPeer('deliver.mjs', ['sirv', path]), '/file.bin');
    await start('nginx', startNginx(folder), '/file.bin');
    for (const server of servers) {
      if (!(await send(server.url)).bytes.equals(file))
        throw new Error(`${server.name} delivers something else`);
    }
    const contenders = servers.map(({ name, pid, url }) => ({
      name,
      pid,
      work: async () =>
        (await flood(url, { connections, requests: quick ? requests.quick : requests.full })).answered,
    }));
    const samples = await playRounds(contenders, quick ? 3 : 9, visit);
    return Object.entries(goals)
      .filter(([reference]) => reference in samples)
      .map(([reference, goal]) =>
        row(
          id,
          `cached ${what}: ${references[reference]}`,
          goal,
          ratio(samples, { contender: 'ours', reference, figure: 'cpu' }),
        ),
      );
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true });
  }
}

const references = {
  memory: 'bare node:http from memory',
  stream: 'bare node:http, file stream',
  sirv: 'sirv',
  nginx: 'nginx sendfile',
};
