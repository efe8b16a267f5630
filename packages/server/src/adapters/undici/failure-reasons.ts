import { RemoteFetchError } from '../../ports/remote-fetcher.js';

/**
 * Error codes of the resolver, the socket, TLS and the HTTP client -> the reason that a client may read. None of them names an
 * address, so that a failure tells nothing about the network behind the server.
 */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'ERR_DNS_FAIL 0',
  EAI_AGAIN: 'ERR_DNS_FAIL 0',
  EAI_FAIL: 'ERR_DNS_FAIL 0',
  EAI_NODATA: 'ERR_DNS_FAIL 0',
  EAI_NONAME: 'ERR_DNS_FAIL 0',
  ENODATA: 'ERR_DNS_FAIL 0',
  ESERVFAIL: 'ERR_DNS_FAIL 0',
  ERR_ADDRESS_NOT_ALLOWED: 'ERR_ADDRESS_NOT_ALLOWED 0',
  ERR_PORT_NOT_ALLOWED: 'ERR_PORT_NOT_ALLOWED 0',
  ECONNREFUSED: 'ERR_CONNECTION_REFUSED 0',
  ECONNRESET: 'ERR_CONNECTION_RESET 0',
  EPIPE: 'ERR_CONNECTION_RESET 0',
  UND_ERR_SOCKET: 'ERR_CONNECTION_RESET 0',
  EHOSTUNREACH: 'ERR_ADDRESS_UNREACHABLE 0',
  ENETUNREACH: 'ERR_ADDRESS_UNREACHABLE 0',
  EADDRNOTAVAIL: 'ERR_ADDRESS_UNREACHABLE 0',
  ETIMEDOUT: 'ERR_TIMEOUT 0',
  UND_ERR_CONNECT_TIMEOUT: 'ERR_TIMEOUT 0',
  UND_ERR_HEADERS_TIMEOUT: 'ERR_TIMEOUT 0',
  UND_ERR_BODY_TIMEOUT: 'ERR_TIMEOUT 0',
  UND_ERR_HEADERS_OVERFLOW: 'ERR_HEADERS_TOO_LARGE 0',
  HPE_HEADER_OVERFLOW: 'ERR_HEADERS_TOO_LARGE 0',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ERR_CONTENT_LENGTH_MISMATCH 0',
  UND_ERR_INVALID_ARG: 'ERR_INVALID_REQUEST 0',
};

/** Families of codes, tried when the exact code is not listed. */
const prefixes: readonly (readonly [prefix: string, reason: string])[] = [
  ['HPE_', 'ERR_INVALID_RESPONSE 0'],
  ['HTTPParserError', 'ERR_INVALID_RESPONSE 0'],
  ['ERR_TLS_', 'ERR_TLS_FAIL 0'],
  ['ERR_SSL_', 'ERR_TLS_FAIL 0'],
  ['CERT_', 'ERR_TLS_FAIL 0'],
  ['UNABLE_TO_', 'ERR_TLS_FAIL 0'],
  ['SELF_SIGNED_', 'ERR_TLS_FAIL 0'],
  ['DEPTH_ZERO_', 'ERR_TLS_FAIL 0'],
  ['EPROTO', 'ERR_TLS_FAIL 0'],
];

/** Whatever went wrong while talking to the peer, as the error of the port. The original stays the cause, for the log. */
export function toFetchError(error: unknown): RemoteFetchError {
  if (error instanceof RemoteFetchError) return error;
  const code = codeOf(error);
  const reason = reasons[code] ?? prefixes.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'ERR_FAILED 0';
  return new RemoteFetchError(reason, { cause: error });
}

/** The code, or the name of an error without one. Of several failed connections (one name, many addresses) the first speaks. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
