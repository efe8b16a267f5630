import { jobQueueContract } from '../../ports/contracts/job-queue.contract.js';
import { openJobQueue } from './job-queue.js';
import { temporaryDatabase } from './temporary-database.test-support.js';

jobQueueContract('sql, on SQLite', async () => {
  const files = await temporaryDatabase();
  return {
    jobs: openJobQueue(await files.connect()),
    connect: async () => openJobQueue(await files.connect()),
    close: files.remove,
  };
});
