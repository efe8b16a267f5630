import { accountStoreContract } from '../../ports/contracts/account-store.contract.js';
import { openAccountStore } from './account-store.js';
import { temporaryDatabase } from './temporary-database.test-support.js';

const masterKey = Buffer.alloc(32, 7);

accountStoreContract('sql, on SQLite', async () => {
  const files = await temporaryDatabase();
  return {
    accounts: await openAccountStore(await files.connect(), { masterKey }),
    connect: async () => openAccountStore(await files.connect(), { masterKey }),
    close: files.remove,
  };
});
