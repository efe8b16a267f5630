import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiskBlobStore } from '../adapters/disk/disk-blob-store.js';
import { openPackageFiles } from '../adapters/disk/package-files.js';
import { createPinoLogger } from '../adapters/pino/pino-logger.js';
import { SharpRenderer } from '../adapters/sharp/sharp-renderer.js';
import { openAccountStore } from '../adapters/sql/account-store.js';
import { openAssetStore } from '../adapters/sql/asset-store.js';
import { openChunkStore } from '../adapters/sql/chunk-store.js';
import { openDatabase } from '../adapters/sql/database.js';
import { openJobQueue } from '../adapters/sql/job-queue.js';
import { loadMasterKey } from '../adapters/sql/master-key.js';
import { lazyRemoteFetcher } from '../adapters/undici/lazy-remote-fetcher.js';
import type { Config } from '../config/table.js';
import type { AccountStore } from '../ports/account-store.js';
import type { AssetStore } from '../ports/asset-store.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { ChunkStore } from '../ports/chunk-store.js';
import type { Clock } from '../ports/clock.js';
import type { JobQueue } from '../ports/job-queue.js';
import type { Logger } from '../ports/logger.js';
import type { RemoteFetcher } from '../ports/remote-fetcher.js';
import type { Renderer } from '../ports/renderer.js';
import type { StaticFiles } from '../ports/static-files.js';

/** Every port with what provides it here. */
export interface Adapters {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accounts: AccountStore;
  readonly assets: AssetStore;
  readonly queue: JobQueue;
  readonly chunks: ChunkStore;
  readonly blobs: BlobStore;
  readonly renderer: Renderer;
  readonly fetcher: RemoteFetcher;
  /** The bundles for browsers, where the widget's package has them. */
  readonly widgetFiles: StaticFiles;
  /** Style, script and icon of the start page. */
  readonly consoleFiles: StaticFiles;
  /** Starts decoders, so that the first upload finds them running. Resolves when they do; never rejects. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

const clock: Clock = { now: () => Date.now() };

const widgetBundles = join(
  dirname(createRequire(import.meta.url).resolve('@counterseal/widget/package.json')),
  'dist/bundle',
);
const consoleAssets = fileURLToPath(new URL('../../assets/console', import.meta.url));

/** Opens everything, in order; `close` closes it in reverse. */
export async function openAdapters(config: Config): Promise<Adapters> {
  const logger = createPinoLogger({ level: config.logLevel });
  const { database, accounts } = await openStores(config);
  const blobs = await DiskBlobStore.open(config.dataDir, { minFreeBytes: config.minFreeBytes });
  const renderer = new SharpRenderer(config.renderers === null ? {} : { maxChildren: config.renderers });
  const fetcher = lazyRemoteFetcher({ fetchAllow: config.fetchAllow });
  return {
    clock,
    logger,
    accounts,
    assets: openAssetStore(database),
    queue: openJobQueue(database),
    chunks: openChunkStore(database),
    blobs,
    renderer,
    fetcher,
    widgetFiles: openPackageFiles(widgetBundles),
    consoleFiles: openPackageFiles(consoleAssets),
    warmUp: () => renderer.warm().catch(() => {}),
    async close() {
      await fetcher.close();
      await renderer.close();
      await blobs.close();
      await database.close();
    },
  };
}

/** Keys and presets without a server: for the command line. */
export async function openAccounts(
  config: Config,
): Promise<{ accounts: AccountStore; close(): Promise<void> }> {
  const { database, accounts } = await openStores(config);
  return { accounts, close: () => database.close() };
}

async function openStores({ dataDir, masterKey: fromEnvironment }: Config) {
  const masterKey = await loadMasterKey({ dataDir, fromEnvironment });
  const database = await openDatabase({ path: join(dataDir, 'counterseal.db') });
  return { database, accounts: await openAccountStore(database, { masterKey, clock }) };
}
