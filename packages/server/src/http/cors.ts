/** Cross-origin headers. Never credentials: signatures and presets authenticate, cookies do not. */
export type HeaderRecord = Readonly<Record<string, string>>;

const preflightSeconds = '86400';

/**
 * What browsers may send to the Upload API (upload-api reference, section 3.1). `Authorization` is not in it: an API secret has
 * no business in a page.
 */
const uploadRequestHeaders = [
  'X-Requested-With',
  'Content-Type',
  'Accept',
  'X-Unique-Upload-Id',
  'Content-Range',
  'DPR',
  'Viewport-Width',
  'Width',
];
const uploadResponseHeaders = ['X-Cld-Error', 'X-Request-Id', 'X-Counterseal-Ignored', 'Retry-After'];

/** For the answer to OPTIONS on an Upload API address. */
export function uploadPreflight(): HeaderRecord {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers': uploadRequestHeaders.join(', '),
    'Access-Control-Max-Age': preflightSeconds,
  };
}

/** For every other answer of the Upload API, errors included. */
export function uploadCors(): HeaderRecord {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': uploadResponseHeaders.join(', '),
  };
}

/** For the answer to OPTIONS on a delivery address. */
export function deliveryPreflight(): HeaderRecord {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
    'Access-Control-Allow-Headers': 'Range, If-None-Match, If-Modified-Since, If-Range, Accept',
    'Access-Control-Max-Age': preflightSeconds,
  };
}

/** For every delivery answer (transformations reference, section 1.15). */
export function deliveryCors(): HeaderRecord {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'X-Cld-Error, Content-Length, ETag',
  };
}
