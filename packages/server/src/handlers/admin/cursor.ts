import { ApiError } from '@counterseal/protocol';
import type { AssetCursor } from '../../ports/asset-store.js';

/** `next_cursor` is opaque to clients: base64url of what the next page needs. */
export function printCursor(value: AssetCursor | string): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

/** @throws ApiError `invalid-value` */
export function readAssetCursor(text: string): AssetCursor {
  const value = decode(text);
  if (typeof value === 'object' && value !== null) {
    const { createdAtMs, assetId } = value as Partial<AssetCursor>;
    if (Number.isSafeInteger(createdAtMs) && typeof assetId === 'string' && /^[0-9a-f]{32}$/.test(assetId)) {
      return { createdAtMs: createdAtMs as number, assetId };
    }
  }
  throw invalid(text);
}

/** Control characters and lone surrogates are in no name, and no store takes them. */
const unstorable = /[\p{Cc}\p{Cs}]/u;

/** @throws ApiError `invalid-value` */
export function readNameCursor(text: string): string {
  const value = decode(text);
  if (typeof value !== 'string' || unstorable.test(value)) throw invalid(text);
  return value;
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw invalid(text);
  }
}

function invalid(text: string): ApiError {
  return new ApiError('invalid-value', { name: 'next_cursor', value: text.slice(0, 100) });
}
