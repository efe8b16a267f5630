import { startBareSharp } from '../lib/bare-sharp.mjs';
import { send } from '../lib/http-client.mjs';
import { startPhotoServer } from '../lib/photo-server.mjs';
import { row } from '../lib/report.mjs';
import { playRounds, ratio } from '../lib/rounds.mjs';
import { summary } from '../lib/stats.mjs';
import { visit } from '../lib/visit.mjs';

/** P10: AVIF on request against sharp's default effort at the same quality. */
export const name = 'avif';

const quality = 50;

export async function run({ quick }) {
  const server = await startPhotoServer();
  const bare = await startBareSharp();
  try {
    const next = { ours: 0, bare: 0 };
    const sizeOf = (who) => {
      const step = next[who]++;
      return { width: 800 + 4 * step, height: 600 + 3 * step };
    };
    const bytes = { ours: [], bare: [] };
    const make = async () => {
      const { width, height } = sizeOf('ours');
      const answer = await send(server.address(`c_fill,w_${width},h_${height},q_${quality}`, 'avif'));
      if (answer.headers['content-type'] !== 'image/avif') throw new Error('the answer is no AVIF');
      bytes.ours.push(answer.bytes.length);
      return 1;
    };
    const makeBare = async () => {
      bytes.bare.push(await bare.make(server.path, { kind: 'avif-default', ...sizeOf('bare'), quality }));
      return 1;
    };
    const samples = await playRounds(
      [
        { name: 'ours', pid: server.pid, work: make },
        { name: 'bare', pid: bare.pid, work: makeBare },
      ],
      quick ? 2 : 5,
      visit,
    );
    return [
      row(
        'P10',
        'AVIF 800x600: default effort of sharp',
        { min: 7 },
        ratio(samples, { contender: 'ours', reference: 'bare', figure: 'cpu' }),
      ),
      row(
        'P10',
        'AVIF 800x600: bytes',
        { max: 1.05 },
        summary(bytes.ours.map((size, index) => size / bytes.bare[index])),
      ),
    ];
  } finally {
    await Promise.all([server.stop(), bare.stop()]);
  }
}
