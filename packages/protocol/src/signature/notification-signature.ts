import { equalMac, hashHex } from '#digest';
import {
  algorithmOfHexLength,
  assertAlgorithm,
  assertSecret,
  defaultSignatureAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.js';
import { checkWindow, timestampMaxAheadSeconds } from './timestamp.js';
import { utf8Bytes, utf8Text } from './utf8.js';

/** "Verifier window: `valid_for` default 7200 s" (upload-api reference, section 2.6). */
export const notificationMaxAgeSeconds = 7200;

/** The body exactly as it stands on the wire: parsing it and writing it again breaks the signature. */
export type RawBody = string | Uint8Array;

/**
 * The `X-Cld-Signature` of a notification: "hash(raw body + timestamp + api_secret); plain hash, not HMAC" (upload-api reference,
 * section 2.6). `timestamp` is the text of `X-Cld-Timestamp`, Unix seconds. Lowercase hex.
 */
export function signNotification(
  body: RawBody,
  timestamp: number | string,
  secret: string,
  algorithm: SignatureAlgorithm = defaultSignatureAlgorithm,
): string {
  assertAlgorithm(algorithm);
  assertSecret(secret);
  return hashHex(algorithm, joined(body, `${timestamp}${secret}`));
}

export interface NotificationToVerify {
  readonly body: RawBody;
  readonly timestamp: number | string;
  readonly signature: string;
  readonly secret: string;
  readonly nowSeconds: number;
  /** Defaults to {@link notificationMaxAgeSeconds}. */
  readonly maxAgeSeconds?: number;
  /** The official SDKs have no such bound (threat model S8). Defaults to {@link timestampMaxAheadSeconds}. */
  readonly maxAheadSeconds?: number;
  /** What the receiver accepts; defaults to both. */
  readonly algorithms?: readonly SignatureAlgorithm[];
}

export type NotificationVerification =
  /** `payload` is the parsed body: an object or an array. */
  | { readonly outcome: 'valid'; readonly payload: object }
  | { readonly outcome: 'invalid' | 'stale' | 'future' };

/**
 * Verifies a notification: signature in constant time, time both ways, body. Keep the ids of what was accepted inside the window,
 * so that a repeated message has no second effect (threat model T44).
 *
 * Nothing separates the body from the timestamp in what is signed, so digits can move across (threat model S8). An object or array
 * never ends in a digit: requiring one leaves a single reading.
 */
export function verifyNotification(notification: NotificationToVerify): NotificationVerification {
  const { body, signature, secret, nowSeconds, algorithms = signatureAlgorithms } = notification;
  const { maxAgeSeconds = notificationMaxAgeSeconds, maxAheadSeconds = timestampMaxAheadSeconds } =
    notification;
  assertSecret(secret);
  const timestamp = String(notification.timestamp);
  const algorithm = algorithmOfHexLength(signature.length);
  if (algorithm === null || !algorithms.includes(algorithm)) return { outcome: 'invalid' };
  if (!equalMac(hashHex(algorithm, joined(body, timestamp + secret)), signature))
    return { outcome: 'invalid' };
  const window = checkWindow(timestamp, nowSeconds, maxAgeSeconds, maxAheadSeconds);
  if (window.outcome === 'malformed') return { outcome: 'invalid' };
  if (window.outcome !== 'ok') return { outcome: window.outcome };
  const payload = parsePayload(body);
  return payload === null ? { outcome: 'invalid' } : { outcome: 'valid', payload };
}

function parsePayload(body: RawBody): object | null {
  const text = typeof body === 'string' ? body : utf8Text(body);
  if (text === null) return null;
  try {
    const payload: unknown = JSON.parse(text);
    return typeof payload === 'object' ? payload : null;
  } catch {
    return null;
  }
}

function joined(body: RawBody, tail: string): RawBody {
  if (typeof body === 'string') return body + tail;
  const tailBytes = utf8Bytes(tail);
  const bytes = new Uint8Array(body.length + tailBytes.length);
  bytes.set(body);
  bytes.set(tailBytes, body.length);
  return bytes;
}
