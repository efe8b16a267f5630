import { hashHex } from '#digest';
import { assertSecret } from './algorithms.js';
import { verifyHexSignature } from './verify-request.js';

export interface MediaLibraryLogin {
  readonly cloudName: string;
  /** As it will be passed to the widget; seconds or milliseconds. */
  readonly timestamp: number | string;
  readonly username: string;
}

/**
 * Signs the automatic log-in of the Media Library Widget: SHA-256 over "fixed three keys, values raw" and the secret (widgets
 * reference, section 2.4). A function of its own because this is not the upload scheme. Lowercase hex.
 *
 * @throws TypeError for a cloud name or timestamp that could be read in two ways.
 */
export function signMediaLibraryLogin(login: MediaLibraryLogin, secret: string): string {
  assertSecret(secret);
  const text = loginText(login);
  if (text === null) throw new TypeError('Invalid cloud_name or timestamp');
  return hashHex('sha256', text + secret);
}

/** Whether a log-in was signed with the secret, in constant time. The caller checks the time with `checkTimestamp`. */
export function verifyMediaLibraryLogin(
  login: MediaLibraryLogin & { readonly signature: string; readonly secret: string },
): boolean {
  const { signature, secret } = login;
  const text = loginText(login);
  return text !== null && verifyHexSignature({ text, signature, secret, algorithm: 'sha256' });
}

/** Only the last value may hold anything; with the other two held to their grammar the text has one reading. */
function loginText({ cloudName, timestamp, username }: MediaLibraryLogin): string | null {
  if (!/^[A-Za-z0-9_-]+$/.test(cloudName) || !/^\d{1,13}$/.test(String(timestamp))) return null;
  return `cloud_name=${cloudName}&timestamp=${timestamp}&username=${username}`;
}
