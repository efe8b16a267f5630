import type { Config } from '../config/table.js';
import { createPerformUpload } from '../services/defer-upload.js';
import { createPerformEager } from '../services/finish-eager.js';
import { startJobRunner } from '../services/run-jobs.js';
import { startSweeper } from '../services/run-sweeps.js';
import type { Adapters } from './adapters.js';
import type { Services } from './services.js';

/** What goes on without a request: queued jobs, and sweeps after what a crash left. */
export function startJobs(
  { clock, logger, accounts, assets, queue, chunks, blobs }: Adapters,
  { boundDerived, derive, fetchRemote, ingestUpload }: Services,
  config: Config,
): { wake(): void; stop(): Promise<void> } {
  const performUpload = createPerformUpload({ blobs, fetchRemote, ingestUpload });
  const runner = startJobRunner(
    {
      upload: performUpload,
      'upload-url': performUpload,
      eager: createPerformEager({ assets, accounts, derive }),
    },
    { queue, clock, logger },
  );
  const sweeper = startSweeper({
    blobs,
    assets,
    jobs: queue,
    chunks,
    clock,
    logger,
    boundDerived,
    graceMs: config.sweepGraceSeconds * 1000,
    openUploadMaxAgeMs: config.openUploadSeconds * 1000,
  });
  return {
    wake: runner.wake,
    async stop() {
      await runner.stop();
      await sweeper.stop();
    },
  };
}
