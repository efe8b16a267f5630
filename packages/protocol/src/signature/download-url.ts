import type { SignatureAlgorithm } from './algorithms.js';
import { apiSignRequest } from './sign-request.js';
import { type SignableParams, valueText } from './string-to-sign.js';

export interface DownloadUrl {
  /** With `/v1_1`, without a slash at the end: `https://api.cloudinary.com/v1_1`. */
  readonly apiBase: string;
  readonly cloud: string;
  /** Left out for the operations that have none (`download_backup`, `asset/download`). */
  readonly resourceType?: string;
  /** Last part of the path; `download` when not given. */
  readonly operation?: string;
  /**
   * In the order they will stand in the URL. `timestamp` is among them; `expires_at` should be: no other operation knows it, and the
   * signature of a link without it may also fit a deletion or an upload of what it names.
   */
  readonly params: SignableParams;
  readonly apiKey: string;
  readonly secret: string;
  readonly algorithm?: SignatureAlgorithm;
}

/**
 * A signed GET link to a private file or an archive: "section 2.1 over all query params but `signature`, `api_key`"; arrays stand as
 * `name[]=` (upload-api reference, section 2.9). It is verified as any request is.
 */
export function signDownloadUrl(download: DownloadUrl): string {
  const {
    apiBase,
    cloud,
    resourceType,
    operation = 'download',
    params,
    apiKey,
    secret,
    algorithm,
  } = download;
  const path = [cloud, resourceType, operation].filter((part) => part !== undefined).join('/');
  const signature = apiSignRequest(params, secret, algorithm);
  const query = Object.entries({ ...params, signature, api_key: apiKey }).flatMap(queryPairs);
  return `${apiBase}/${path}?${query.join('&')}`;
}

function queryPairs([name, value]: [string, unknown]): string[] {
  if (valueText(value) === '') return [];
  const key = encodeURIComponent(Array.isArray(value) ? `${name}[]` : name);
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map((item) => `${key}=${encodeURIComponent(valueText(item))}`);
}
