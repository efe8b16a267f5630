import { startBareSharp } from '../lib/bare-sharp.mjs';
import { send } from '../lib/http-client.mjs';
import { startPhotoServer } from '../lib/photo-server.mjs';
import { difference } from '../lib/pictures.mjs';
import { startPeer } from '../lib/processes.mjs';
import { row } from '../lib/report.mjs';
import { playRounds, ratio } from '../lib/rounds.mjs';
import { visit } from '../lib/visit.mjs';

/** P8: a derivative made on request and delivered over HTTP against bare sharp making the same picture. */
export const name = 'transform';

/** Levels of 255. */
const maxDifference = 2;

const kinds = [
  {
    what: 'c_fill to WebP, 12 MP',
    url: ({ width, height }) => ['c_fill', width, height, 'webp'],
    picture: (size) => ({ kind: 'fill', ...size }),
  },
  {
    what: 'c_pad to JPEG, 12 MP',
    url: ({ width, height }) => ['c_pad', width, height, 'jpg'],
    picture: (size) => ({ kind: 'pad', ...size }),
  },
];

export async function run({ quick }) {
  const server = await startPhotoServer();
  const bare = await startBareSharp();
  const least = await startPeer('render-server.mjs', [server.path]);
  const rows = [];
  try {
    for (const { what, url, picture } of kinds) {
      const address = (size) => {
        const [mode, width, height, extension] = url(size);
        return server.address(`${mode},w_${width},h_${height},q_80`, extension);
      };
      // A size that both reach without rounding: half a pixel goes either way.
      const size = { width: 384, height: 336 };
      const gap = await difference(
        (await send(address(size))).bytes,
        await bare.bytes(server.path, picture(size)),
      );
      if (gap > maxDifference) throw new Error(`${what}: ${gap} levels from bare sharp`);

      const operations = quick ? 4 : 10;
      const leastAddress = ({ width, height }) => `${least.url}/${picture({}).kind}/${width}/${height}`;
      // All meet the same sizes, each of them once: nothing is found in a cache.
      const next = { ours: 0, bare: 0, least: 0 };
      const sizeOf = (who) => ({ width: 401 + next[who]++, height: 300 });
      const samples = await playRounds(
        [
          { name: 'ours', pid: server.pid, work: times(operations, () => send(address(sizeOf('ours')))) },
          {
            name: 'bare',
            pid: bare.pid,
            work: times(operations, () => bare.make(server.path, picture(sizeOf('bare')))),
          },
          {
            name: 'least',
            pid: least.pid,
            work: times(operations, () => send(leastAddress(sizeOf('least')))),
          },
        ],
        quick ? 4 : 11,
        visit,
      );
      rows.push(
        row(
          'P8',
          `${what}, over HTTP: bare sharp`,
          { min: 0.95 },
          ratio(samples, { contender: 'ours', reference: 'bare', figure: 'cpu' }),
        ),
        row(
          'P8',
          `limit here: ${what}, the least server with sharp in a process of its own: bare sharp`,
          null,
          ratio(samples, { contender: 'least', reference: 'bare', figure: 'cpu' }),
        ),
      );
    }
  } finally {
    await Promise.all([server.stop(), bare.stop(), least.stop()]);
  }
  return rows;
}

function times(operations, task) {
  return async () => {
    for (let done = 0; done < operations; done += 1) await task();
    return operations;
  };
}
