import { once } from 'node:events';
import { address, cloud, derivedFacts, upload } from '../../ports/contracts/asset-samples.contract.js';
import { openAccountStore } from './account-store.js';
import { openAssetStore } from './asset-store.js';
import { openDatabase } from './database.js';
import { openJobQueue } from './job-queue.js';
import { loadMasterKey } from './master-key.js';

/** What a competing process can be told to do; it starts when a line arrives on its standard input. */
export interface Tasks {
  /** Stores one public id `times` times and tells the outcomes. */
  put: { path: string; publicId: string; overwrite: boolean; times: number };
  /** Makes `times` derivatives of a public id on request, the same as all others make, and drops some. */
  derive: { path: string; publicId: string; times: number };
  /** Claims until there is nothing left and tells the ids. */
  claimAll: { path: string; nowMs: number };
  /** Makes or reads the master key and tells it. */
  masterKey: { dataDir: string };
  /** Claims and completes until nothing is left and tells the ids with begin and end, by a clock that all processes share. */
  runAll: { path: string; nowMs: number };
  disableKey: { path: string; masterKey: string; apiKey: string };
}

const tasks: { [Name in keyof Tasks]: (task: Tasks[Name]) => Promise<unknown> } = {
  put: async ({ path, publicId, overwrite, times }) => {
    const database = await openDatabase({ path });
    const assets = openAssetStore(database);
    const outcomes: string[] = [];
    for (let i = 0; i < times; i++) {
      const { outcome } = await assets.putAsset(upload(publicId, {}, { overwrite }));
      outcomes.push(outcome);
    }
    await database.close();
    return outcomes;
  },

  derive: async ({ path, publicId, times }) => {
    const database = await openDatabase({ path });
    const assets = openAssetStore(database);
    const asset = await assets.findAsset(address(publicId));
    if (asset === null) throw new Error(`${publicId} is not there`);
    const { assetId, versionId } = asset;
    let added = 0;
    for (let i = 0; i < times; i++) {
      const derived = { ...derivedFacts(`w_${i}`, { bytes: i * 1000 }), assetId, versionId };
      if (await assets.addDerived(cloud, derived)) added += 1;
      if (i % 5 === 4) await assets.dropOldestDerived({ bytes: 1, limit: 1 });
    }
    await database.close();
    return added;
  },

  claimAll: async ({ path, nowMs }) => {
    const database = await openDatabase({ path });
    const jobs = openJobQueue(database);
    const ids: string[] = [];
    for (;;) {
      const job = await jobs.claim({ kinds: ['notify'], nowMs, leaseMs: 60_000 });
      if (job === null) break;
      ids.push(job.id);
    }
    await database.close();
    return ids;
  },

  runAll: async ({ path, nowMs }) => {
    const database = await openDatabase({ path });
    const jobs = openJobQueue(database);
    const runs: { id: string; begin: number; end: number }[] = [];
    const seconds = () => Number(process.hrtime.bigint()) / 1e9;
    for (;;) {
      const job = await jobs.claim({ kinds: ['notify'], nowMs, leaseMs: 60_000 });
      if (job !== null) {
        runs.push({ id: job.id, begin: seconds(), end: seconds() });
        await jobs.complete(job);
        continue;
      }
      const { ready, leased } = await jobs.counts();
      if (ready + leased === 0) break;
    }
    await database.close();
    return runs;
  },

  masterKey: async ({ dataDir }) => (await loadMasterKey({ dataDir, fromEnvironment: null })).toString('hex'),

  disableKey: async ({ path, masterKey, apiKey }) => {
    const database = await openDatabase({ path });
    const accounts = await openAccountStore(database, { masterKey: Buffer.from(masterKey, 'hex') });
    const disabled = await accounts.disableKey(apiKey);
    await database.close();
    return disabled;
  },
};

async function perform<Name extends keyof Tasks>(name: Name, task: Tasks[Name]): Promise<unknown> {
  return tasks[name](task);
}

const [name, task] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
const answer = await perform(name as keyof Tasks, JSON.parse(task ?? ''));
process.stdout.write(`${JSON.stringify(answer)}\n`);
