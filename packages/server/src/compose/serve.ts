import type { AddressInfo } from 'node:net';
import { createApp } from '../app.js';
import { type FirstRun, firstKeys, unlikeBootstrap } from '../bootstrap.js';
import { isLoopback, isWeakSecret } from '../config/bootstrap-key.js';
import type { Config } from '../config/table.js';
import { createConsoleAccess } from '../handlers/console-access.js';
import type { DeliveryAnswer } from '../handlers/delivery/answer.js';
import { createDeliveryCache } from '../http/delivery-cache.js';
import { requireFreeAddress } from '../http/require-free-address.js';
import { loadSignPolicy } from '../sign-policy/load.js';
import { type Adapters, openAdapters } from './adapters.js';
import { composeAppParts } from './app-parts.js';
import { startJobs } from './jobs.js';
import { composeServices } from './services.js';

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

/** Decoders start once the start itself is over. */
const warmUpAfterMs = 500;

/** The composition root: configuration -> adapters -> services -> app, in order; closed in reverse. */
export async function serve(config: Config): Promise<RunningServer> {
  const signPolicy = config.signPolicy === null ? null : await loadSignPolicy(config.signPolicy);
  await requireFreeAddress(config);
  const adapters = await openAdapters(config);
  const { clock, logger } = adapters;
  const firstRun = await firstKeys(adapters.accounts, config.bootstrap, clock);
  await warnOfBootstrap(config, adapters);

  let url = '';
  const publicUrl = () => config.publicUrl ?? url;
  const cache = createDeliveryCache<DeliveryAnswer>({ clock });
  const services = composeServices(adapters, config, { cache, jobsAdded: () => jobs.wake() });
  const jobs = startJobs(adapters, services, config);
  const consoleAccess = createConsoleAccess();
  const app = createApp(
    composeAppParts(adapters, services, { config, signPolicy, cache, consoleAccess, publicUrl }),
  );

  const warming = setTimeout(() => void adapters.warmUp(), warmUpAfterMs).unref();
  const close = async () => {
    clearTimeout(warming);
    await app.close();
    await jobs.stop();
    await services.derive.drain();
    cache.clear();
    await adapters.close();
  };
  // Before the first connection, which may come before `listen` resolves.
  app.server.once('listening', () => {
    url = urlOf(config.host, app.server.address());
  });
  await app.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { dataDir, folderMode, maxFileBytes, strictTransformations } = config;
  logger.info('listening', {
    url,
    publicUrl: publicUrl(),
    dataDir,
    folderMode,
    strictTransformations,
    maxFileBytes,
  });
  return { url, startPage: `${url}/?token=${consoleAccess.token}`, firstRun, close };
}

/** A key that is there already is left as it is, so that a restart undoes no change; who changed the configuration must know. */
async function warnOfBootstrap({ bootstrap, host }: Config, { accounts, logger }: Adapters): Promise<void> {
  if (bootstrap === null) return;
  if (isWeakSecret(bootstrap.apiSecret) && isLoopback(host)) {
    logger.warn('the bootstrap secret is weak: fit for development only');
  }
  const reason = await unlikeBootstrap(accounts, bootstrap);
  if (reason !== null) logger.warn('the bootstrap key was there before and was not changed', { reason });
}

/** A wildcard host is reached by loopback from here. */
function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const wildcard = host === '0.0.0.0' || host === '::';
  const name = wildcard ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
