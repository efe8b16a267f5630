import { assetStoreContract } from '../../ports/contracts/asset-store.contract.js';
import { openAssetStore } from './asset-store.js';
import { openJobQueue } from './job-queue.js';
import { temporaryDatabase } from './temporary-database.test-support.js';

assetStoreContract('sql, on SQLite', async () => {
  const files = await temporaryDatabase();
  const database = await files.connect();
  return {
    assets: openAssetStore(database),
    jobs: openJobQueue(database),
    connect: async () => openAssetStore(await files.connect()),
    close: files.remove,
  };
});
