import { startBareSharp } from '../lib/bare-sharp.mjs';
import { send } from '../lib/http-client.mjs';
import { startPhotoServer } from '../lib/photo-server.mjs';
import { difference } from '../lib/pictures.mjs';
import { row } from '../lib/report.mjs';
import { playRounds } from '../lib/rounds.mjs';
import { summary } from '../lib/stats.mjs';
import { visit } from '../lib/visit.mjs';

/** P9: what the eager pair adds to an upload, against two bare pipelines. On both cores. */
export const name = 'eager';

const eager = 'c_pad,w_400,h_300,q_80|c_crop,w_260,h_200,q_80';
const pictures = [
  { kind: 'pad', width: 400, height: 300 },
  { kind: 'crop', width: 260, height: 200 },
];
const maxDifference = 2;

export async function run({ quick }) {
  const server = await startPhotoServer({ core: null });
  const bare = await startBareSharp({ core: null });
  const second = await startBareSharp({ core: null });
  try {
    const answer = await server.upload({ eager });
    for (const [index, picture] of pictures.entries()) {
      const gap = await difference(
        (await send(answer.eager[index].url)).bytes,
        await bare.bytes(server.path, picture),
      );
      if (gap > maxDifference) throw new Error(`${picture.kind}: ${gap} levels from bare sharp`);
    }
    const operations = quick ? 3 : 6;
    const times = (task) => async () => {
      for (let done = 0; done < operations; done += 1) await task();
      return operations;
    };
    const oneAfterTheOther = async () => {
      for (const picture of pictures) await bare.make(server.path, picture);
    };
    const sideBySide = () =>
      Promise.all(pictures.map((picture, index) => [bare, second][index].make(server.path, picture)));
    const samples = await playRounds(
      [
        { name: 'plain', pid: server.pid, work: times(() => server.upload({})) },
        { name: 'bare', pid: bare.pid, work: times(oneAfterTheOther) },
        { name: 'beside', pid: bare.pid, work: times(sideBySide) },
        { name: 'eager', pid: server.pid, work: times(() => server.upload({ eager })) },
      ],
      quick ? 4 : 11,
      visit,
    );
    const added = (figure) =>
      samples.eager.map(
        (sample, round) => (sample[figure] - samples.plain[round][figure]) / samples.bare[round][figure],
      );
    return [
      row('P9', 'eager pair, CPU: of two bare pipelines', { max: 1.05 }, summary(added('cpu'))),
      row('P9', 'eager pair, wall: of the two one after the other', { max: 0.65 }, summary(added('wall'))),
      row(
        'P9',
        'limit here: the two in two bare processes at once, wall',
        null,
        summary(samples.beside.map(({ wall }, round) => wall / samples.bare[round].wall)),
      ),
    ];
  } finally {
    await Promise.all([server.stop(), bare.stop(), second.stop()]);
  }
}
