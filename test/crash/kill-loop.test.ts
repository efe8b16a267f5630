import { describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { chooseSeed, createRandom } from '../support/random.js';
import { type RunningServer, startServer } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { defectLines } from '../support/use-server.js';
import { checkSubject } from './check-subject.js';
import { createContents } from './contents.js';
import { createWorkload, UnexpectedAnswerError, type Workload } from './workload.js';

/*
 * SIGKILL at every moment of an upload's life, on one data folder, over and over (docs/architecture.md, rule 1; threat model T37,
 * T38). `npm test` kills 40 times, which is what its ten minutes allow on a
 * busy machine of two cores; `npm run test:full` 10,000 times in campaigns of 200. COUNTERSEAL_TEST_KILLS sets another number.
 */
const killsPerCampaign = Number(
  process.env.COUNTERSEAL_TEST_KILLS ?? (process.env.COUNTERSEAL_TEST_FULL === '1' ? 200 : 40),
);
const campaigns = process.env.COUNTERSEAL_TEST_FULL === '1' ? 50 : 1;
const killTimeoutMs = 10_000;

const clients = 5;
/** The life of an upload with an eager pair, on a busy machine, and a little more. */
const longestLifeMs = 400;
/** One kill in so many comes while the server starts. */
const startKills = 20;
/** How often the rows are held against the files while the loop goes on. */
const inspectEvery = 25;
const quiet = { COUNTERSEAL_LOG_LEVEL: 'warn' };

describe.each(Array.from({ length: campaigns }, (_, index) => index + 1))('campaign %d', (campaign) => {
  it(`keeps every promise over ${killsPerCampaign} kills`, {
    timeout: killsPerCampaign * killTimeoutMs,
  }, async () => {
    const seed = chooseSeed() + campaign - 1;
    console.info(`kill loop: COUNTERSEAL_TEST_SEED=${seed} repeats it`);
    const random = createRandom(seed);
    const workload = createWorkload(random, await createContents(random));
    const folder = await tmpDir();
    const data = dataFolder(folder.path);
    let logged = '';

    for (let kill = 0; kill < killsPerCampaign; kill += 1) {
      const before = `before kill ${kill} of seed ${seed}`;
      if (kill > 0 && kill % startKills === 0) await killWhileStarting(folder.path, random.whole(0, 600));
      const server = await startServer({ data: folder.path, env: quiet });
      expect(await checkLastTouched(server, workload), before).toEqual([]);
      if (kill % inspectEvery === 0) expect(await data.brokenRows(), before).toEqual([]);
      // The fractions of multiples of the golden ratio come everywhere, and never twice.
      const lifeMs = ((kill * 0.618_034) % 1) * longestLifeMs;
      await uploadUntilKilled(server, workload, lifeMs);
      logged += server.log();
    }

    const last = await startServer({ data: folder.path, env: quiet });
    data.endLeases();
    await expect.poll(() => data.jobs(), { timeout: 60_000 }).toEqual({ waiting: 0, dead: 0 });
    workload.promisesKept(Date.now());
    expect(await checkAll(last, [...workload.subjects.values()]), `seed ${seed}`).toEqual([]);
    expect(await data.brokenRows()).toEqual([]);
    logged += last.log();
    expect(await last.stop()).toBe(0);
    expect(defectLines(logged)).toEqual([]);

    await data.ageStaged();
    await sweepUntilClean(folder.path);
    await folder.remove();
  });
});

async function uploadUntilKilled(server: RunningServer, workload: Workload, lifeMs: number): Promise<void> {
  const client = createClient(server);
  let dead = false;
  const lanes = Array.from({ length: clients }, async () => {
    while (!dead)
      await workload.act(client).catch((error: unknown) => {
        // Connections break when the server dies, and only then.
        if (!dead || error instanceof UnexpectedAnswerError) throw error;
      });
  });
  const lanesEnded = Promise.all(lanes);
  lanesEnded.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, lifeMs));
  dead = true;
  await server.kill9();
  workload.serverDied(Date.now());
  await lanesEnded;
}

async function killWhileStarting(data: string, afterMs: number): Promise<void> {
  const never = startServer({ data, env: quiet, readyTimeoutMs: afterMs });
  const server = await never.catch(() => null);
  await server?.kill9();
}

/** What was under way when the server was killed, and whatever else was not looked at since. */
function checkLastTouched(server: RunningServer, workload: Workload): Promise<string[]> {
  const touched = [...workload.subjects.values()].filter(({ operations, checkedAtMs }) =>
    operations.some(({ startedAtMs }) => startedAtMs > checkedAtMs),
  );
  return checkAll(server, touched);
}

async function checkAll(
  server: RunningServer,
  subjects: readonly Parameters<typeof checkSubject>[1][],
): Promise<string[]> {
  const client = createClient(server);
  const problems: string[] = [];
  for (const subject of subjects) problems.push(...(await checkSubject(client, subject)));
  return problems;
}

/**
 * A server with a short grace and no clients: what is left are the files that rows refer to, all of them. A file that was linked but
 * not yet unlinked when its server was killed is young again once its staged name is gone, and goes a sweep later.
 */
async function sweepUntilClean(path: string): Promise<void> {
  const data = dataFolder(path);
  const server = await startServer({ data: path, env: { COUNTERSEAL_SWEEP_GRACE_SECONDS: '1' } });
  const sweeps = () => server.log().split('"msg":"swept"').length;
  const referredTo = data
    .rows()
    .map(({ blobKey }) => blobKey)
    .sort();
  const files = async () => ({ staged: await data.staged(), blobs: await data.blobs() });
  const clean = { staged: [], blobs: referredTo };
  await expect.poll(files, { timeout: 30_000 }).toEqual(clean);
  const then = sweeps();
  await expect.poll(sweeps, { timeout: 30_000 }).toBeGreaterThan(then + 1);
  expect(await files()).toEqual(clean);
  expect(defectLines(server.log())).toEqual([]);
  expect(await server.stop()).toBe(0);
}
