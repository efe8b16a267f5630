import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '@counterseal/protocol';
import type { ClientAddressOf } from '../../http/client-address.js';
import { networkOf } from '../../http/client-network.js';
import { deliveryPreflight } from '../../http/cors.js';
import type { CacheEntry, DeliveryCache } from '../../http/delivery-cache.js';
import { renderDeliveryError } from '../../http/render-error.js';
import { settleRequestId } from '../../http/request-id.js';
import { toApiError } from '../../http/to-api-error.js';
import type { Logger } from '../../ports/logger.js';
import type { DeliveryAnswer } from './answer.js';
import { variantOf } from './client-hints.js';
import { isDeliveryPath, isImagePath, readPath } from './delivery-path.js';
import { missingImage, missingImageType } from './missing-image.js';
import { type OpenRenditionDeps, openRendition } from './open-rendition.js';
import { type ResolveDeps, type ResolvedDelivery, resolveDelivery } from './resolve-delivery.js';
import { sendAnswer } from './send-answer.js';

export interface DeliveryDeps extends ResolveDeps, OpenRenditionDeps {
  readonly cache: DeliveryCache<DeliveryAnswer>;
  readonly logger: Logger;
  readonly clientAddressOf: ClientAddressOf;
}

/** Resolves to false when the URL is no delivery address: nothing was written then. Never rejects. */
export type Delivery = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

/**
 * Assets by URL, on plain node:http (upload-api reference, section 2.7; transformations reference, section 1). A kept answer is
 * sent without parsing the URL or asking a store; it was authorised for exactly this URL, and is authorised again every second.
 */
export function createDelivery(deps: DeliveryDeps): Delivery {
  const { cache, logger, clientAddressOf } = deps;

  return async (req, res) => {
    const path = readPath(req.url);
    const reads = req.method === 'GET' || req.method === 'HEAD';
    const kept = reads ? cache.find(path, variantOf(req.headers)) : null;
    if (kept === null && !isDeliveryPath(path)) {
      settleRequestId(res);
      return false;
    }
    try {
      if (kept?.fresh === true) await sendHeld(req, res, kept.entry.answer);
      else if (reads) await sendPrepared(req, res, path, kept?.entry ?? null);
      else answerOther(req, res);
    } catch (error) {
      fail(req, res, path, error);
    }
    return true;
  };

  async function sendHeld(req: IncomingMessage, res: ServerResponse, answer: DeliveryAnswer): Promise<void> {
    answer.retain();
    try {
      await sendAnswer(req, res, answer);
    } finally {
      answer.release();
    }
  }

  async function sendPrepared(
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    stale: CacheEntry<DeliveryAnswer> | null,
  ): Promise<void> {
    const gone = new AbortController();
    const leave = () => gone.abort();
    res.once('close', leave);
    stale?.answer.retain();
    let answer: DeliveryAnswer | null = null;
    try {
      answer = await prepare(req, path, stale, gone.signal);
      await sendAnswer(req, res, answer);
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      res.off('close', leave);
      answer?.release();
      stale?.answer.release();
    }
  }

  /** The caller gets one hold of the answer. */
  async function prepare(
    req: IncomingMessage,
    path: string,
    stale: CacheEntry<DeliveryAnswer> | null,
    signal: AbortSignal,
  ): Promise<DeliveryAnswer> {
    const variant = variantOf(req.headers);
    const clientAddress = clientAddressOf(req);
    const resolve = () => resolveDelivery(path, clientAddress, deps);
    let ticket = cache.ticket();
    let resolved = await resolve().catch((error: unknown) => {
      cache.drop(path, variant);
      throw error;
    });
    if (stale !== null && stale.validator === resolved.validator) {
      cache.confirm(stale);
      stale.answer.retain();
      return stale.answer;
    }
    const options = { signal, client: networkOf(clientAddress) };
    const open = (delivery: ResolvedDelivery) => openRendition(delivery, req.headers, options, deps);
    const answer = await open(resolved).catch(async (error: unknown) => {
      // The bytes may have gone because the asset was overwritten or deleted meanwhile: once, look again.
      const before = resolved.validator;
      if (signal.aborted) throw error;
      ticket = cache.ticket();
      resolved = await resolve();
      if (resolved.validator === before) throw error;
      return open(resolved);
    });
    const { asset, vary, validator } = resolved;
    cache.put({ path, vary, variant }, { address: asset, validator, answer }, ticket);
    return answer;
  }

  function answerOther(req: IncomingMessage, res: ServerResponse): void {
    if (req.method !== 'OPTIONS') throw new ApiError('no-route');
    settleRequestId(res);
    res.writeHead(204, deliveryPreflight());
    res.end();
  }

  /** Errors are never kept: what is missing now may be uploaded in a second. */
  function fail(req: IncomingMessage, res: ServerResponse, path: string, thrown: unknown): void {
    const error = toApiError(thrown);
    if (error.status >= 500) logger.error('delivery failed', { error: error.cause ?? error });
    if (res.headersSent) {
      res.destroy();
      return;
    }
    settleRequestId(res);
    const { status, headers } = renderDeliveryError(error);
    const body = error.code === 'not-found' && isImagePath(path) ? missingImage : null;
    res.writeHead(status, {
      ...headers,
      'X-Content-Type-Options': 'nosniff',
      'Content-Length': String(body?.length ?? 0),
      ...(body === null ? {} : { 'Content-Type': missingImageType }),
      ...(error.code === 'no-route' ? { Allow: 'GET, HEAD, OPTIONS' } : {}),
    });
    res.end(req.method === 'HEAD' ? undefined : body);
  }
}
