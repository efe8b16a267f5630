import { v2 as cloudinary } from 'cloudinary';
import { flood } from '../lib/flood.mjs';
import { send } from '../lib/http-client.mjs';
import { startPeer } from '../lib/processes.mjs';
import { row } from '../lib/report.mjs';
import { playRounds, ratio } from '../lib/rounds.mjs';
import { visit } from '../lib/visit.mjs';

/** P3: the signing endpoint on node:http against the tutorials' Express + official SDK, and against the least one that signs rightly. */
export const name = 'sign-endpoint';

const secret = 'bench-secret-of-16-and-more';
const connections = 16;
const goals = { tutorial: { min: 4 }, bare: { min: 0.85 } };
const references = { tutorial: 'Express + official SDK', bare: 'bare node:http + bare hash' };

export async function run({ quick }) {
  const paramsToSign = { folder: 'spring', source: 'uw', timestamp: Math.floor(Date.now() / 1000) };
  const json = { paramsToSign };
  const expected = cloudinary.utils.api_sign_request(paramsToSign, secret, 'sha1');
  const servers = [];
  try {
    for (const peer of ['ours', 'tutorial', 'bare']) {
      const server = await startPeer('sign.mjs', [peer, secret]);
      servers.push({ ...server, name: peer });
      const { bytes } = await send(server.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: Buffer.from(JSON.stringify(json)),
      });
      const { signature } = JSON.parse(bytes.toString());
      if (signature !== expected) throw new Error(`${peer} signs ${signature}, not ${expected}`);
    }
    const contenders = servers.map(({ name: who, pid, url }) => ({
      name: who,
      pid,
      work: async () => (await flood(url, { connections, requests: quick ? 5_000 : 15_000, json })).answered,
    }));
    const samples = await playRounds(contenders, quick ? 3 : 9, visit);
    return Object.entries(goals).map(([reference, goal]) =>
      row(
        'P3',
        `signing endpoint: ${references[reference]}`,
        goal,
        ratio(samples, { contender: 'ours', reference, figure: 'cpu' }),
      ),
    );
  } finally {
    for (const { stop } of servers) await stop();
  }
}
