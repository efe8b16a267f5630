import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { leastDerivedBytes } from '../../ports/asset-store.js';
import { address, cloud, job, nowMs, upload } from '../../ports/contracts/asset-samples.contract.js';
import { openAccountStore } from './account-store.js';
import { openAssetStore } from './asset-store.js';
import { type Competition, competition } from './compete.test-support.js';
import { openJobQueue } from './job-queue.js';
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.test-support.js';

/** The CLI beside a running server, or two servers started at once: real processes on one file. */
describe('several processes', { timeout: 120_000 }, () => {
  let race: Competition;
  beforeAll(async () => {
    race = await competition();
  });
  afterAll(() => race.remove());

  let files: TemporaryDatabase;
  beforeEach(async () => {
    files = await temporaryDatabase();
  });
  afterEach(() => files.remove());

  it('make the tables once and store one id once', async () => {
    const task = { path: files.path, publicId: 'cat', overwrite: false, times: 5 };
    const outcomes = (await race.run(3, 'put', task)).flat();
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(14);
  });

  it('lose no version when they overwrite one id', async () => {
    const assets = openAssetStore(await files.connect());
    const task = { path: files.path, publicId: 'cat', overwrite: true, times: 10 };
    const outcomes = (await race.run(2, 'put', task)).flat();
    expect(outcomes.filter((outcome) => outcome === 'overwritten')).toHaveLength(19);
    expect((await assets.findAsset(address('cat')))?.version).toBe(nowMs / 1000 + 19);
  });

  it('keep the sum of what they derive and drop', async () => {
    const assets = openAssetStore(await files.connect());
    await assets.putAsset(upload('cat'));
    const task = { path: files.path, publicId: 'cat', times: 30 };
    const added = (await race.run(3, 'derive', task)) as number[];
    expect(added.reduce((all, one) => all + one)).toBeGreaterThanOrEqual(30);
    const asset = await assets.findAsset(address('cat'));
    const rows = await assets.listDerived(cloud, asset?.assetId ?? '');
    expect(rows.length).toBeGreaterThan(0);
    const bytes = rows.reduce((sum, row) => sum + Math.max(row.bytes, leastDerivedBytes), 0);
    expect(await assets.derivedOnRequestBytes()).toBe(bytes);
  });

  it('never work on one job', async () => {
    const jobs = openJobQueue(await files.connect());
    const all = Array.from({ length: 60 }, () => job());
    await jobs.enqueue(all);
    const taken = (await race.run(2, 'claimAll', { path: files.path, nowMs })) as string[][];
    expect(taken.flat().sort()).toEqual(all.map(({ id }) => id).sort());
  });

  it('work on jobs of one subject one after the other, in their order', async () => {
    const jobs = openJobQueue(await files.connect());
    const all = Array.from({ length: 60 }, (_, at) => job({ subject: `demo/upload/${at % 2}` }));
    await jobs.enqueue(all);
    type Run = { id: string; begin: number; end: number };
    const runs = ((await race.run(2, 'runAll', { path: files.path, nowMs })) as Run[][]).flat();
    expect(runs).toHaveLength(all.length);
    for (const of of [0, 1]) {
      const ids = all.filter((_, at) => at % 2 === of).map(({ id }) => id);
      const ran = runs.filter(({ id }) => ids.includes(id)).sort((a, b) => a.begin - b.begin);
      expect(ran.map(({ id }) => id)).toEqual(ids);
      for (const [at, { begin }] of ran.entries()) expect(begin).toBeGreaterThan(ran[at - 1]?.end ?? 0);
    }
  });

  it('agree on the master key they make', async () => {
    const keys = await race.run(4, 'masterKey', { dataDir: join(files.folder, 'data') });
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('see at once that another one disabled a key', async () => {
    const masterKey = Buffer.alloc(32, 1);
    const accounts = await openAccountStore(await files.connect(), { masterKey });
    await accounts.createCloud(cloud);
    const policy = { algorithms: ['sha256'], allowV1: false, strict: false, singleUse: false } as const;
    await accounts.createKey({ apiKey: 'k', secret: 's', cloud, policy, createdAtMs: nowMs });
    expect(await accounts.findKey('k')).toMatchObject({ disabled: false, secret: 's' });
    const task = { path: files.path, masterKey: masterKey.toString('hex'), apiKey: 'k' };
    expect(await race.run(1, 'disableKey', task)).toEqual([true]);
    expect(await accounts.findKey('k')).toMatchObject({ disabled: true });
  });
});
