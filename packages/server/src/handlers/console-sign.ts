import type { IncomingMessage } from 'node:http';
import { ApiError } from '@counterseal/protocol';
import { createSigner, uploadPolicy } from '@counterseal/signer';
import { fromNodeRequest, sendNode } from '@counterseal/signer/node';
import { answering, type EdgeDeps, type Exchange } from '../http/serve-operation.js';
import type { ApiKey } from '../ports/account-store.js';
import { type ConsoleAccess, isFromElsewhere, requireOwnHost } from './console-access.js';
import { eagerPair } from './console-upload.js';

export interface ConsoleSignDeps extends Pick<EdgeDeps, 'reportError'> {
  readonly publicUrl: () => string;
  readonly access: ConsoleAccess;
  /** The key of the start page; null when every key is disabled. */
  readonly consoleKey: () => Promise<ApiKey | null>;
}

/** Uploads only, with the eager pair of the page or without, under names that the visitor chooses. */
const policy = uploadPolicy({
  allow: ['eager', 'folder', 'asset_folder', 'public_id', 'public_id_prefix', 'display_name'],
  transformations: { eager: eagerPair },
});

const noKey = {
  status: 403,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  body: JSON.stringify({ error: { message: 'Every API key is disabled', code: 'no-key' } }),
};

/**
 * `POST /console/sign`: signs the uploads of the start page with a key of this server, for whoever opened the printed address and
 * for nobody else. The page of another origin is refused before its session is looked at.
 */
export function createConsoleSign(deps: ConsoleSignDeps): (exchange: Exchange) => Promise<void> {
  return (exchange) =>
    answering(exchange, deps, async () => {
      const { req, res } = exchange;
      requireOwnHost(req, deps.publicUrl());
      if (isFromElsewhere(req) || !deps.access.isOpen(req)) throw new ApiError('invalid-credentials');
      const key = await deps.consoleKey();
      res.removeHeader('Access-Control-Allow-Origin');
      if (key === null) {
        sendNode(res, noKey);
        return 'sent';
      }
      const { handle } = createSigner<true, IncomingMessage>({
        credentials: { cloudName: key.cloud, apiKey: key.apiKey, apiSecret: key.secret },
        authorize: () => true,
        algorithm: key.policy.algorithms.includes('sha256') ? 'sha256' : 'sha1',
        policy,
        onError: (error) => deps.reportError(error, req),
      });
      sendNode(res, await handle(fromNodeRequest(req), req));
      return 'sent';
    });
}
