import type { AppParts } from '../app.js';
import type { Config } from '../config/table.js';
import { createUrlMaker } from '../handlers/asset-urls.js';
import { createConsole, health } from '../handlers/console.js';
import type { ConsoleAccess } from '../handlers/console-access.js';
import { createConsoleSign } from '../handlers/console-sign.js';
import type { DeliveryAnswer } from '../handlers/delivery/answer.js';
import { createDelivery } from '../handlers/delivery/delivery.js';
import { createSign } from '../handlers/sign/sign.js';
import { serveStaticFile } from '../handlers/static-file.js';
import { serveDownload } from '../handlers/upload/download.js';
import { widgetCacheControl } from '../handlers/widgets.js';
import { createClientAddress } from '../http/client-address.js';
import type { DeliveryCache } from '../http/delivery-cache.js';
import { createFailureLimiter } from '../http/failure-limiter.js';
import { createObserve } from '../http/observe.js';
import { createReportError } from '../http/report-error.js';
import { createExplainRefusals, secretsOf as keySecretsOf } from '../services/explain-refusals.js';
import type { SignPolicy } from '../sign-policy/load.js';
import type { Adapters } from './adapters.js';
import { composeOperations } from './operations.js';
import type { Services } from './services.js';
import { composeUpload } from './uploads.js';

interface AppSettings {
  readonly config: Config;
  /** Null: no signing endpoint. */
  readonly signPolicy: SignPolicy | null;
  readonly cache: DeliveryCache<DeliveryAnswer>;
  readonly consoleAccess: ConsoleAccess;
  /** How browsers reach the server; known once it listens. */
  readonly publicUrl: () => string;
}

/** Services -> everything that app.ts puts behind an address. */
export function composeAppParts(
  adapters: Adapters,
  services: Services,
  { config, signPolicy, cache, consoleAccess, publicUrl }: AppSettings,
): AppParts {
  const { clock, logger, accounts, assets, blobs, fetcher, consoleFiles, widgetFiles } = adapters;
  const { derive, secretsOf, signers } = services;
  const { folderMode, maxFileBytes, strictTransformations } = config;

  const failures = createFailureLimiter(clock);
  const clientAddressOf = createClientAddress(config.trustedProxies);
  const reportError = createReportError(logger, { maxFileBytes });
  const signatureRefused = createExplainRefusals({ accounts, clock, logger });
  const edge = { accounts, clock, failures, clientAddressOf, reportError, signatureRefused };
  const urls = createUrlMaker(publicUrl, signers.urlSecret);
  const plainUrls = createUrlMaker(publicUrl, async () => null);
  const startPage = { reportError, access: consoleAccess, publicUrl, consoleKey: signers.consoleKey };
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

  return {
    edge,
    upload: composeUpload(adapters, services, { edge, urls, plainUrls, folderMode, maxFileBytes }),
    handlers: composeOperations(adapters, services, { folderMode, urls }),
    download: serveDownload({ ...edge, assets, blobs, derive }),
    delivery: async (req, res) => {
      if (await delivery(req, res)) return;
      res.writeHead(404, { 'X-Cld-Error': 'Not found', 'Content-Length': '0' });
      res.end();
    },
    console: createConsole({ ...startPage, clock, knownSecrets: () => keySecretsOf(null, accounts) }),
    consoleSign: createConsoleSign(startPage),
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
            publicUrl,
          }),
    observe: createObserve(logger, { log: config.logLevel === 'debug' ? 'all' : 'api', clientAddressOf }),
  };
}
