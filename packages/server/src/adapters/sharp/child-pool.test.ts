import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtChild } from './built-child.test-support.js';
import { ChildPool } from './child-pool.js';
import { noise } from './hostile-files.test-support.js';
import { defaultChildOptions, RenderChild, rssBytesOf } from './render-child.js';

const slow = `<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="3000"><filter id="f">${'<feGaussianBlur stdDeviation="99"/>'.repeat(300)}</filter><rect width="3000" height="3000" filter="url(#f)"/></svg>`;

describe('child processes', () => {
  let folder: string;
  const options = () => ({ ...defaultChildOptions, script: builtChild() });
  const probeOf = (name: string, verify = true) =>
    ({ kind: 'probe', job: { inputPath: join(folder, name), verify } }) as const;
  const queue = { maxQueued: 10, maxQueuedPerClient: 10 };
  const still = { deadline: 'still', signal: undefined } as const;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pool-'));
    await writeFile(join(folder, 'slow.svg'), slow);
    await noise(50, 40).jpeg().toFile(join(folder, 'good.jpg'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.skipIf(process.platform !== 'linux')('see nothing of the environment of the server', async () => {
    process.env.COUNTERSEAL_TEST_SECRET = 'do-not-pass-on';
    const child = new RenderChild(options());
    await child.ready;
    const environment = await readFile(`/proc/${child.pid}/environ`, 'utf8');
    await child.kill();
    delete process.env.COUNTERSEAL_TEST_SECRET;
    const names = environment
      .split('\0')
      .filter(Boolean)
      .map((entry) => entry.split('=')[0]);
    expect(names.filter((name) => !name?.startsWith('NODE_CHANNEL_'))).toEqual(['MALLOC_ARENA_MAX']);
    expect(environment).not.toContain('do-not-pass-on');
  });

  it('a crash fails one job, and the next gets a new child', async () => {
    const pool = new ChildPool(options(), { maxChildren: 1, ...queue });
    await pool.warm();
    const [pid] = await childPids();
    const crashing = pool.run(probeOf('slow.svg'), still);
    setTimeout(() => process.kill(pid ?? 0, 'SIGSEGV'), 200);
    await expect(crashing).rejects.toMatchObject({
      name: 'UndecodableError',
      message: expect.stringContaining('SIGSEGV'),
    });
    expect(await pool.run(probeOf('good.jpg'), still)).toMatchObject({ format: 'jpg' });
    await pool.close();
  });

  it('an idle child that died is not used', async () => {
    const pool = new ChildPool(options(), { maxChildren: 1, ...queue });
    await pool.warm();
    for (const pid of await childPids()) process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await pool.run(probeOf('good.jpg'), still)).toMatchObject({ format: 'jpg' });
    await pool.close();
  });

  it('one that grows too large is killed', async () => {
    const child = new RenderChild({ ...options(), killRssBytes: 1 });
    const job = child.run(probeOf('slow.svg'), still);
    await expect(job).rejects.toMatchObject({ name: 'RenderLimitError', limit: 'memory', max: 1 });
    expect(rssBytesOf(child.pid)).toBeNull();
  });

  it('find out themselves that a file is an SVG, whose deadline is shorter', async () => {
    const child = new RenderChild({
      ...options(),
      deadlinesMs: { still: 20_000, animated: 20_000, svg: 500 },
    });
    const job = child.run(probeOf('slow.svg'), still);
    await expect(job).rejects.toMatchObject({ name: 'RenderLimitError', limit: 'time', max: 500 });
  });

  it('a script that does not start is no fault of the picture', async () => {
    const child = new RenderChild({ ...options(), script: join(folder, 'absent.js') });
    await expect(child.run(probeOf('good.jpg'), still)).rejects.toThrow(
      'the decoder process ended while starting',
    );
  });

  it('take turns in order, and are as many as allowed', async () => {
    const single = new ChildPool(options(), { maxChildren: 1, ...queue });
    const order: number[] = [];
    const jobs = [0, 1, 2, 3, 4];
    await Promise.all(jobs.map((job) => single.run(probeOf('good.jpg'), still).then(() => order.push(job))));
    expect(order).toEqual(jobs);
    await single.close();

    const pair = new ChildPool(options(), { maxChildren: 2, ...queue });
    await Promise.all(jobs.map(() => pair.run(probeOf('good.jpg'), still)));
    expect(await childPids()).toHaveLength(2);
    await pair.close();
    expect(await childPids()).toHaveLength(0);
  });

  it('let clients take turns, and bound what each and what all of them have waiting', async () => {
    const pool = new ChildPool(options(), { maxChildren: 1, maxQueued: 5, maxQueuedPerClient: 3 });
    const order: string[] = [];
    const ask = (client: string | null) =>
      pool.run(probeOf('good.jpg'), { ...still, client }).then(
        () => order.push(client ?? 'own work'),
        (error: Error) => error.message,
      );
    const greedy = Array.from({ length: 6 }, () => ask('greedy'));
    const others = [...['modest', 'late', 'later', 'last', 'too late'], null, null, null, null].map(ask);
    const answers = await Promise.all([...greedy, ...others]);
    expect(answers.filter((answer) => typeof answer === 'string')).toEqual([
      'the render queue is full',
      'the render queue is full',
      'the client has too many renders waiting',
      'the client has too many renders waiting',
      'the render queue is full',
      'the client has too many renders waiting',
    ]);
    const ownWork = ['own work', 'own work', 'own work'];
    const turns = ['greedy', 'greedy', 'modest', 'late', 'later', 'last', ...ownWork];
    expect(order).toEqual(turns);
    await pool.close();
  });

  /** Decoder processes of this test process. */
  async function childPids(): Promise<number[]> {
    const text = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
    const pids = text.split(' ').filter(Boolean).map(Number);
    const commands = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    return pids.filter((_, index) => commands[index]?.includes('adapters/sharp/child.js'));
  }
});
