import { availableParallelism } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isFullRun } from '../support/full-run.js';
import { chooseSeed, createRandom } from '../support/random.js';
import { createLife, type Life } from './life.js';

/*
 * SIGKILL at every moment of an upload's life, over and over on the same data (docs/architecture.md, rule 1; threat model T37, T38).
 * `npm test` kills 200 times, `npm run test:full` 10,000 times in campaigns of 200. COUNTERSEAL_TEST_KILLS sets another number.
 *
 * A campaign has a data folder for each core, each with a server, clients and kills of its own: half of a life is waiting.
 */
const killsPerCampaign = Number(process.env.COUNTERSEAL_TEST_KILLS ?? 200);
const campaigns = isFullRun ? 50 : 1;
const killTimeoutMs = 10_000;
const folders = Math.min(availableParallelism(), 4, killsPerCampaign);

/** One kill in so many comes while the server starts. */
const startKills = 20;
/** One in so many servers is killed soon after its start, when its decoders are not there yet; the others in full work. */
const idleStarts = 4;
/** How often the rows are held against the files while the loop goes on. */
const inspectEvery = 25;
/** The longest that a server takes to be ready. */
const longestStartMs = 600;

describe.each(Array.from({ length: campaigns }, (_, index) => index + 1))('campaign %d', (campaign) => {
  it(`keeps every promise over ${killsPerCampaign} kills`, {
    timeout: killsPerCampaign * killTimeoutMs,
  }, async () => {
    const seed = chooseSeed() + campaign - 1;
    console.info(`kill loop: COUNTERSEAL_TEST_SEED=${seed} repeats it`);
    const lives = await Promise.all(
      Array.from({ length: folders }, (_, folder) => createLife(createRandom(seed * folders + folder))),
    );
    onTestFinished(async () => {
      for (const life of lives) await life.remove();
    });
    await Promise.all(lives.map((life, folder) => killAgainAndAgain(life, folder, seed)));

    const totals = lives.map(({ totals }) => totals());
    const sum = (name: 'acknowledged' | 'cutOff') => totals.reduce((all, one) => all + one[name], 0);
    console.info(`kill loop: ${sum('acknowledged')} acknowledged, ${sum('cutOff')} cut off`);
    // A loop that kills servers which have nothing in hand proves nothing.
    expect(sum('acknowledged')).toBeGreaterThan(killsPerCampaign / 2);
    expect(sum('cutOff')).toBeGreaterThan(killsPerCampaign);
  });
});

async function killAgainAndAgain(life: Life, folder: number, seed: number): Promise<void> {
  const random = createRandom(seed * folders + folder);
  for (let kill = folder; kill < killsPerCampaign; kill += folders) {
    const at = `before kill ${kill} of seed ${seed}`;
    if (kill > folder && kill % startKills === folder)
      await life.killWhileStarting(random.whole(0, longestStartMs));
    await life.start();
    expect(await life.checkLastTouched(), at).toEqual([]);
    if (kill % inspectEvery === folder) expect(await life.brokenRows(), at).toEqual([]);
    // The fractions of multiples of the golden ratio come everywhere, and never twice.
    const inFullWork = Math.floor(kill / folders) % idleStarts !== 0;
    await life.uploadUntilKilled((kill * 0.618_034) % 1, inFullWork ? 'in full work' : 'from the start');
  }

  const { problems, brokenRows, exitCode } = await life.checkAtRest();
  expect({ problems, brokenRows, exitCode }, `seed ${seed}`).toEqual({
    problems: [],
    brokenRows: [],
    exitCode: 0,
  });
  expect(await life.sweepUntilClean()).toEqual({ staged: [], orphans: [], exitCode: 0 });
  expect(life.defectLines()).toEqual([]);
}
