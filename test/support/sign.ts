import { createHash } from 'node:crypto';

export type Params = Readonly<Record<string, string | number | boolean | readonly string[]>>;

type Algorithm = 'sha1' | 'sha256';

/** Never part of the string to sign (upload-api reference, section 2.1). */
const unsigned = new Set(['file', 'cloud_name', 'resource_type', 'api_key', 'signature']);

/** Upload-api reference, section 2.1, written down a second time: the suite does not trust the code it tests. */
export function stringToSign(params: Params, version: 1 | 2 = 2): string {
  return Object.entries(params)
    .filter(([name]) => !unsigned.has(name))
    .map(([name, value]) => [name, textOf(value)] as const)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .map((pair) => (version === 2 ? pair.replaceAll('&', '%26') : pair))
    .join('&');
}

export function signParams(
  params: Params,
  secret: string,
  { algorithm = 'sha1', version = 2 }: { algorithm?: Algorithm; version?: 1 | 2 } = {},
): string {
  return createHash(algorithm)
    .update(stringToSign(params, version) + secret)
    .digest('hex');
}

/** Delivery URL signature (upload-api reference, section 2.7); 32 characters are SHA-256 always. */
export function signDelivery(
  text: string,
  secret: string,
  { algorithm = 'sha1', long = false }: { algorithm?: Algorithm; long?: boolean } = {},
): string {
  const digest = createHash(long ? 'sha256' : algorithm)
    .update(text + secret)
    .digest('base64');
  return `s--${digest
    .slice(0, long ? 32 : 8)
    .replaceAll('+', '-')
    .replaceAll('/', '_')}--`;
}

export function textOf(value: Params[string]): string {
  return typeof value === 'object' ? value.join(',') : String(value);
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
