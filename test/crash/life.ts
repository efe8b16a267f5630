import { expect } from 'vitest';
import { type Client, createClient } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import type { Random } from '../support/random.js';
import { type RunningServer, startServer } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { defectLines } from '../support/use-server.js';
import { checkSubject } from './check-subject.js';
import { createContents } from './contents.js';
import type { Subject } from './ledger.js';
import { createWorkload, UnexpectedAnswerError } from './workload.js';

const clients = 5;
/** The life of an upload with an eager pair on a busy machine, and a little more. */
const longestLifeMs = 300;
/** Questions asked at one time. */
const questions = 8;
/** One decoder process: starting a second one costs as much as half a life. */
const quiet = { COUNTERSEAL_LOG_LEVEL: 'warn', COUNTERSEAL_RENDERERS: '1' };

/** When the countdown to the kill begins: with the first request, or once an upload was acknowledged and more are under way. */
type From = 'from the start' | 'in full work';

export type Life = Awaited<ReturnType<typeof createLife>>;

/** One data folder and all its servers, one after the other, with what clients did to them. */
export async function createLife(random: Random) {
  const workload = createWorkload(random, await createContents(random));
  const folder = await tmpDir();
  const data = dataFolder(folder.path);
  let server: RunningServer | null = null;
  let logged = '';

  const running = (): RunningServer => {
    if (server === null) throw new Error('the server is not running');
    return server;
  };
  const ended = () => {
    logged += running().log();
    server = null;
  };
  const start = async (env: Readonly<Record<string, string>> = quiet) => {
    server = await startServer({ data: folder.path, env });
  };
  const stop = async () => {
    const code = await running().stop();
    ended();
    return code;
  };

  return {
    start: () => start(),
    /** Whatever happened: no server and no folder is left. */
    async remove(): Promise<void> {
      await server?.kill9();
      await folder.remove();
    },
    brokenRows: () => data.brokenRows(),
    defectLines: () => defectLines(logged),
    totals: () => workload.totals(),

    async killWhileStarting(afterMs: number): Promise<void> {
      const never = startServer({ data: folder.path, env: quiet, readyTimeoutMs: afterMs });
      await (await never.catch(() => null))?.kill9();
    },

    /** What was under way when the server was killed, and whatever else was not looked at since. */
    checkLastTouched(): Promise<string[]> {
      const touched = [...workload.subjects.values()].filter(({ operations, checkedAtMs }) =>
        operations.some(({ startedAtMs }) => startedAtMs > checkedAtMs),
      );
      return checkAll(createClient(running()), touched);
    },

    async uploadUntilKilled(share: number, from: From): Promise<void> {
      const client = createClient(running());
      let dead = false;
      const lanes = Array.from({ length: clients }, async () => {
        while (!dead)
          await workload.act(client).catch((error: unknown) => {
            // Connections break when the server dies, and only then.
            if (!dead || error instanceof UnexpectedAnswerError) throw error;
          });
      });
      const lanesEnded = Promise.all(lanes);
      if (from === 'in full work') await Promise.race([workload.nextAcknowledged(), lanesEnded]);
      await Promise.race([new Promise((resolve) => setTimeout(resolve, share * longestLifeMs)), lanesEnded]);
      dead = true;
      await running().kill9();
      workload.serverDied(Date.now());
      await lanesEnded;
      ended();
    },

    /** Everything, once all promises are kept. */
    async checkAtRest() {
      await start();
      data.endLeases();
      await expect.poll(() => data.jobs(), { timeout: 60_000 }).toEqual({ waiting: 0, dead: 0 });
      workload.promisesKept(Date.now());
      const problems = await checkAll(createClient(running()), [...workload.subjects.values()]);
      return { problems, brokenRows: await data.brokenRows(), exitCode: await stop() };
    },

    /**
     * A server with a short grace and no clients: what is left are the files that rows refer to, all of them. A file that was linked
     * but not yet unlinked when its server was killed is young again once its staged name is gone, and goes a sweep later.
     */
    async sweepUntilClean() {
      await data.ageStaged();
      await start({ COUNTERSEAL_SWEEP_GRACE_SECONDS: '1' });
      const sweeps = () => running().log().split('"msg":"swept"').length;
      const left = async () => {
        const referredTo = new Set(data.rows().map(({ blobKey }) => blobKey));
        const orphans = (await data.blobs()).filter((key) => !referredTo.has(key));
        return { staged: await data.staged(), orphans };
      };
      await expect.poll(left, { timeout: 30_000 }).toEqual({ staged: [], orphans: [] });
      const then = sweeps();
      await expect.poll(sweeps, { timeout: 30_000 }).toBeGreaterThan(then + 1);
      const clean = await left();
      expect(await data.brokenRows()).toEqual([]);
      return { ...clean, exitCode: await stop() };
    },
  };
}

async function checkAll(client: Client, subjects: readonly Subject[]): Promise<string[]> {
  const problems: string[] = [];
  const waiting = [...subjects];
  const ask = async () => {
    for (let subject = waiting.pop(); subject !== undefined; subject = waiting.pop())
      problems.push(...(await checkSubject(client, subject)));
  };
  await Promise.all(Array.from({ length: questions }, ask));
  return problems;
}
