import { chunkStoreContract } from '../../ports/contracts/chunk-store.contract.js';
import { openAssetStore } from './asset-store.js';
import { openChunkStore } from './chunk-store.js';
import { temporaryDatabase } from './temporary-database.test-support.js';

chunkStoreContract('sql, on SQLite', async () => {
  const files = await temporaryDatabase();
  const database = await files.connect();
  return {
    chunks: openChunkStore(database),
    assets: openAssetStore(database),
    connect: async () => openChunkStore(await files.connect()),
    close: files.remove,
  };
});
