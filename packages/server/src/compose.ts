import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiskBlobStore } from './adapters/disk/disk-blob-store.js';
import { openPackageFiles } from './adapters/disk/package-files.js';
import { createPinoLogger } from './adapters/pino/pino-logger.js';
import { SharpRenderer } from './adapters/sharp/sharp-renderer.js';
import { openAccountStore } from './adapters/sql/account-store.js';
import { openAssetStore } from './adapters/sql/asset-store.js';
import { openChunkStore } from './adapters/sql/chunk-store.js';
import { openDatabase } from './adapters/sql/database.js';
import { openJobQueue } from './adapters/sql/job-queue.js';
import { loadMasterKey } from './adapters/sql/master-key.js';
import { lazyRemoteFetcher } from './adapters/undici/lazy-remote-fetcher.js';
import { createApp } from './app.js';
import { type FirstRun, firstKeys } from './bootstrap.js';
import { type Config, isLoopback, isWeakSecret } from './config.js';
import { listResourceTypes, ping, showConfig } from './handlers/admin/account.js';
import { deleteResources } from './handlers/admin/delete-resources.js';
import { listResources } from './handlers/admin/list-resources.js';
import {
  createPreset,
  deletePreset,
  listPresets,
  showPreset,
  updatePreset,
} from './handlers/admin/presets.js';
import { showResource, showResourceByAssetId } from './handlers/admin/show-resource.js';
import {
  createTransformation,
  deleteTransformation,
  listTransformations,
  showTransformation,
  updateTransformation,
} from './handlers/admin/transformations.js';
import { createUrlMaker } from './handlers/asset-urls.js';
import { createConsole, health } from './handlers/console.js';
import { createConsoleAccess } from './handlers/console-access.js';
import { createConsoleSign } from './handlers/console-sign.js';
import type { DeliveryAnswer } from './handlers/delivery/answer.js';
import { createDelivery } from './handlers/delivery/delivery.js';
import { createSign } from './handlers/sign/sign.js';
import { serveStaticFile } from './handlers/static-file.js';
import { deleteByToken } from './handlers/upload/delete-by-token.js';
import { destroy, destroyByAssetId } from './handlers/upload/destroy.js';
import { serveDownload } from './handlers/upload/download.js';
import { receiveFile, upload } from './handlers/upload/upload.js';
import { uploadChunk } from './handlers/upload/upload-chunk.js';
import { widgetCacheControl } from './handlers/widgets.js';
import { createClientAddress } from './http/client-address.js';
import { createDeliveryCache } from './http/delivery-cache.js';
import { createFailureLimiter } from './http/failure-limiter.js';
import { createObserve } from './http/observe.js';
import { createReportError } from './http/report-error.js';
import { requireFreeAddress } from './http/require-free-address.js';
import { serveUpload } from './http/serve-upload.js';
import { toApiError } from './http/to-api-error.js';
import type { AccountStore } from './ports/account-store.js';
import type { Asset } from './ports/asset-store.js';
import type { Clock } from './ports/clock.js';
import { createAnalyseStored } from './services/analyse-stored.js';
import { createBoundDerived } from './services/bound-derived.js';
import { createDeferUpload, createPerformUpload } from './services/defer-upload.js';
import { createDerive } from './services/derive.js';
import { createDestroyAsset } from './services/destroy-asset.js';
import { createDropDerived } from './services/drop-derived.js';
import { createExplainRefusals, secretsOf as keySecretsOf } from './services/explain-refusals.js';
import { createFetchRemote } from './services/fetch-remote.js';
import { createPerformEager } from './services/finish-eager.js';
import { createIngestUpload } from './services/ingest-upload.js';
import { minChunkBytes } from './services/place-chunk.js';
import { createReceiveChunk } from './services/receive-chunk.js';
import { startJobRunner } from './services/run-jobs.js';
import { startSweeper } from './services/run-sweeps.js';
import { createSigners } from './services/signers.js';
import { createUrlSecrets } from './services/url-secrets.js';
import { loadSignPolicy } from './sign-policy/load.js';

export interface RunningServer {
  /** `http://host:port` as bound. */
  readonly url: string;
  /** The start page with its tools; works once. */
  readonly startPage: string;
  /** Set when this start made the first key; later starts print no secret. */
  readonly firstRun: FirstRun | null;
  /** Finishes what is under way, then closes everything. */
  close(): Promise<void>;
}

const clock: Clock = { now: () => Date.now() };

/** The bundles for browsers, where the widget's package has them. */
const widgetFiles = openPackageFiles(
  join(dirname(createRequire(import.meta.url).resolve('@counterseal/widget/package.json')), 'dist/bundle'),
);

/** Style, script and icon of the start page. */
const consoleFiles = openPackageFiles(fileURLToPath(new URL('../assets/console', import.meta.url)));

/** Unfinished chunked uploads of one key hold as much as so many of the largest files, unless told otherwise. */
const openFiles = 10;

/** Decoders start once the start itself is over, so that the first upload finds them running. */
const warmUpAfterMs = 500;

/** The composition root: configuration -> adapters -> services -> app, in order; closed in reverse. */
export async function serve(config: Config): Promise<RunningServer> {
  const logger = createPinoLogger({ level: config.logLevel });
  const signPolicy = config.signPolicy === null ? null : await loadSignPolicy(config.signPolicy);
  await requireFreeAddress(config);
  const { database, accounts } = await openStores(config);
  const assets = openAssetStore(database);
  const queue = openJobQueue(database);
  const chunks = openChunkStore(database);
  const blobs = await DiskBlobStore.open(config.dataDir, { minFreeBytes: config.minFreeBytes });
  const renderer = new SharpRenderer(config.renderers === null ? {} : { maxChildren: config.renderers });
  const fetcher = lazyRemoteFetcher({ fetchAllow: config.fetchAllow });
  const firstRun = await firstKeys(accounts, config.bootstrap, clock);
  if (config.bootstrap !== null && isWeakSecret(config.bootstrap.apiSecret) && isLoopback(config.host)) {
    logger.warn('the bootstrap secret is weak: fit for development only');
  }

  let publicUrl = config.publicUrl ?? '';
  const { folderMode, maxFileBytes, strictTransformations } = config;
  const failures = createFailureLimiter(clock);
  const clientAddressOf = createClientAddress(config.trustedProxies);
  const cache = createDeliveryCache<DeliveryAnswer>({ clock });
  const assetChanged = (asset: Asset) => cache.invalidate(asset);
  const jobsAdded = () => jobs.wake();

  const boundDerived = createBoundDerived({
    assets,
    blobs,
    logger,
    dropped: () => cache.clear(),
    maxBytes: config.maxDerivedBytes,
  });
  const derive = createDerive({
    assets,
    accounts,
    blobs,
    renderer,
    boundDerived,
    notStored: assetChanged,
    clock,
    logger,
  });
  const ingestUpload = createIngestUpload({
    assets,
    blobs,
    renderer,
    renderStaged: derive.renderStaged,
    clock,
    logger,
    folderMode,
    assetChanged,
    jobsAdded,
  });
  const fetchRemote = createFetchRemote({ fetcher, blobs, maxFileBytes });
  const destroyAsset = createDestroyAsset({ assets, blobs, logger, assetChanged });
  const dropDerived = createDropDerived({
    assets,
    blobs,
    cloudChanged: (cloud) => cache.invalidateCloud(cloud),
  });
  const analyseStored = createAnalyseStored({ blobs, renderer });
  const secretsOf = createUrlSecrets({ accounts, clock });
  const signers = createSigners(accounts, secretsOf);
  const urls = createUrlMaker(() => publicUrl, signers.urlSecret);
  const plainUrls = createUrlMaker(
    () => publicUrl,
    async () => null,
  );
  const performUpload = createPerformUpload({ blobs, fetchRemote, ingestUpload });
  const jobs = startJobRunner(
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

  const reportError = createReportError(logger, { maxFileBytes });
  const signatureRefused = createExplainRefusals({ accounts, clock, logger });
  const edge = { accounts, clock, failures, clientAddressOf, reportError, signatureRefused };
  const consoleAccess = createConsoleAccess();
  const consoleDeps = {
    reportError,
    access: consoleAccess,
    publicUrl: () => publicUrl,
    consoleKey: signers.consoleKey,
  };
  const delivery = createDelivery({
    assets,
    accounts,
    blobs,
    derive,
    cache,
    logger,
    failures,
    clientAddressOf,
    secretsOf,
    strictTransformations,
  });
  const resourceDeps = { assets, blobs, urls, analyseStored, folderMode, destroyAsset, assetChanged, clock };
  const accountDeps = { accounts, assets, clock, dropDerived, folderMode };
  const uploadDeps = {
    accounts,
    blobs,
    fetchRemote,
    ingestUpload,
    deferUpload: createDeferUpload({ blobs, queue, clock, folderMode, jobsAdded }),
    urls,
    plainUrls,
    cloudSigner: signers.cloudSigner,
    signatureUse: signers.signatureUse,
    folderMode,
  };
  const receiveChunk = createReceiveChunk({
    chunks,
    blobs,
    clock,
    logger,
    folderMode,
    explain: (error) => toApiError(error, { maxFileBytes }),
    limits: {
      minChunkBytes,
      maxOpenUploads: config.maxOpenUploads,
      maxOpenBytes: config.maxOpenUploadBytes ?? openFiles * maxFileBytes,
    },
  });
  const app = createApp({
    edge,
    upload: serveUpload(
      { upload: upload(uploadDeps), uploadChunk: uploadChunk({ ...uploadDeps, assets, receiveChunk }) },
      {
        ...edge,
        maxFileBytes,
        receiveFile: (file, options) => receiveFile(file, blobs, options),
        discardFile: async (file) => {
          if (file.kind === 'staged') await blobs.discard(file.staged);
        },
      },
    ),
    download: serveDownload({ ...edge, assets, blobs, derive }),
    delivery: async (req, res) => {
      if (await delivery(req, res)) return;
      res.writeHead(404, { 'X-Cld-Error': 'Not found', 'Content-Length': '0' });
      res.end();
    },
    console: createConsole({
      ...consoleDeps,
      clock,
      knownSecrets: () => keySecretsOf(null, accounts),
    }),
    consoleSign: createConsoleSign(consoleDeps),
    consoleFile: serveStaticFile({ files: consoleFiles, cacheControl: () => 'no-cache', reportError }),
    health,
    widgets: (fixed) =>
      serveStaticFile({ files: widgetFiles, cacheControl: widgetCacheControl, reportError }, fixed),
    sign:
      signPolicy === null
        ? null
        : createSign(signPolicy, {
            accounts,
            fetcher,
            failures,
            clientAddressOf,
            clock,
            logger,
            publicUrl: () => publicUrl,
          }),
    observe: createObserve(logger, { log: config.logLevel === 'debug' ? 'all' : 'api', clientAddressOf }),
    handlers: {
      destroy: destroy(resourceDeps),
      'asset-destroy': destroyByAssetId(resourceDeps),
      'delete-by-token': deleteByToken(resourceDeps),
      ping,
      config: showConfig(accountDeps),
      'list-resource-types': listResourceTypes,
      'list-resources': listResources(resourceDeps),
      'list-resources-by-tag': listResources(resourceDeps),
      'show-resource': showResource(resourceDeps),
      'show-resource-by-asset-id': showResourceByAssetId(resourceDeps),
      'delete-resources': deleteResources(resourceDeps),
      'list-transformations': listTransformations(accountDeps),
      'show-transformation': showTransformation(accountDeps),
      'create-transformation': createTransformation(accountDeps),
      'update-transformation': updateTransformation(accountDeps),
      'delete-transformation': deleteTransformation(accountDeps),
      'list-presets': listPresets(accountDeps),
      'show-preset': showPreset(accountDeps),
      'create-preset': createPreset(accountDeps),
      'update-preset': updatePreset(accountDeps),
      'delete-preset': deletePreset(accountDeps),
    },
  });

  const warming = setTimeout(() => void renderer.warm().catch(() => {}), warmUpAfterMs).unref();
  const close = async () => {
    clearTimeout(warming);
    await app.close();
    await jobs.stop();
    await sweeper.stop();
    await derive.drain();
    cache.clear();
    await fetcher.close();
    await renderer.close();
    await blobs.close();
    await database.close();
  };
  await app.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const url = urlOf(config.host, app.server.address());
  if (publicUrl === '') publicUrl = url;
  logger.info('listening', {
    url,
    publicUrl,
    dataDir: config.dataDir,
    folderMode,
    strictTransformations,
    maxFileBytes,
  });

  return { url, startPage: `${url}/?token=${consoleAccess.token}`, firstRun, close };
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

/** A wildcard host is reached by loopback from here. */
function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const wildcard = host === '0.0.0.0' || host === '::';
  const name = wildcard ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
