import { isIP } from 'node:net';
import { z } from 'zod';

export interface BootstrapKey {
  readonly cloud: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export function parseBootstrap(text: string, context: z.RefinementCtx): BootstrapKey {
  const match = /^cloudinary:\/\/([^:@/]+):([^@/]+)@([A-Za-z][A-Za-z0-9-]{1,127})\/?(?:\?.*)?$/.exec(text);
  if (match !== null) {
    const [, apiKey = '', apiSecret = '', cloud = ''] = match;
    try {
      return { cloud, apiKey: decodeURIComponent(apiKey), apiSecret: decodeURIComponent(apiSecret) };
    } catch {
      // falls through to the issue below
    }
  }
  context.addIssue({ code: 'custom', message: 'must look like cloudinary://KEY:SECRET@CLOUD' });
  return z.NEVER;
}

/** Secrets shorter than this, or well-known, are for loopback only (threat model T48). */
export const minimumSecretLength = 16;
const sampleSecrets: ReadonlySet<string> = new Set(['abcd', 'secret', 'my_secret', 'password', 'changeme']);

export function isWeakSecret(secret: string): boolean {
  return secret.length < minimumSecretLength || sampleSecrets.has(secret.toLowerCase());
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
