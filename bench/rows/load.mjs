import { randomBytes } from 'node:crypto';
import { flood } from '../lib/flood.mjs';
import { post, send } from '../lib/http-client.mjs';
import { startPhotoServer } from '../lib/photo-server.mjs';
import { row } from '../lib/report.mjs';
import { signedForm, uploadAddress } from '../lib/signed-form.mjs';
import { quantile, summary } from '../lib/stats.mjs';

/** P13: cached answers while 16 callers keep asking for transformations of a 12-megapixel photo. On both cores. Wall time. */
export const name = 'load';

const callers = 16;
const connections = 4;
const files = [
  { what: '30 KB from memory', bytes: 30 * 1024 },
  { what: '300 KB from disk', bytes: 300 * 1024 },
];

export async function run({ quick }) {
  const spanMs = quick ? 1_500 : 4_000;
  const server = await startPhotoServer({ core: null });
  const rows = [];
  try {
    for (const { what, bytes } of files) {
      const file = randomBytes(bytes);
      const { url } = await post(uploadAddress(server.url, 'raw'), signedForm(file));
      if (!(await send(url)).bytes.equals(file)) throw new Error('the server delivers something else');
      await hits(url, 500);
      const rounds = [];
      for (let round = 0; round < (quick ? 1 : 3); round += 1) {
        const alone = await hits(url, spanMs);
        const transforms = keepAsking(server);
        const loaded = await hits(url, spanMs);
        const made = await transforms.stop();
        if (made === 0) throw new Error('no transformation was finished meanwhile');
        rounds.push({ rate: loaded.rate / alone.rate, p99: loaded.p99Ms / alone.p99Ms });
      }
      rows.push(
        row(
          'P13',
          `cached ${what} under transforms: rate of unloaded`,
          { min: 0.3 },
          summary(rounds.map(({ rate }) => rate)),
        ),
      );
      rows.push(
        row(
          'P13',
          `cached ${what} under transforms: p99 of unloaded`,
          { max: 5 },
          summary(rounds.map(({ p99 }) => p99)),
        ),
      );
    }
  } finally {
    await server.stop();
  }
  return rows;
}

async function hits(url, spanMs) {
  const endAt = performance.now() + spanMs;
  const { answered, latenciesMs } = await flood(url, { connections, until: () => performance.now() > endAt });
  return { rate: answered / spanMs, p99Ms: quantile(latenciesMs, 0.99) };
}

let nextWidth = 300;

/** Every caller asks for the next new size as soon as it has its answer; a busy answer (503) is asked for again. */
function keepAsking(server) {
  let isStopped = false;
  let made = 0;
  const caller = async () => {
    while (!isStopped) {
      await send(server.address(`c_fill,w_${nextWidth++},h_300,q_80`, 'webp')).then(
        () => {
          made += 1;
        },
        () => {},
      );
    }
  };
  const all = Promise.all(Array.from({ length: callers }, caller));
  return {
    async stop() {
      isStopped = true;
      await all;
      return made;
    },
  };
}
