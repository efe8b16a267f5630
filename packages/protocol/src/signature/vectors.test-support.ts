import { readFileSync } from 'node:fs';
import type { SignatureAlgorithm, SignatureVersion } from './algorithms.js';
import type { SignableParams } from './string-to-sign.js';

interface Common {
  readonly name: string;
  readonly expected: string;
  readonly source: string;
}

/** One shape per family of upload-api reference, section 2.10. */
export interface VectorFamilies {
  request_signature: {
    params: SignableParams;
    string_to_sign: string;
    api_secret: string;
    algorithm: SignatureAlgorithm;
    signature_version: SignatureVersion;
  };
  wire_request_signature: {
    body: SignableParams;
    excluded: string[];
    string_to_sign: string;
    api_secret: string;
    algorithm: SignatureAlgorithm;
    signature_version: SignatureVersion;
  };
  response_signature: {
    public_id: string;
    version: number;
    api_secret: string;
    algorithm: SignatureAlgorithm;
  };
  webhook_signature: {
    body: string;
    timestamp: number | string;
    api_secret: string;
    algorithm: SignatureAlgorithm;
  };
  delivery_url_signature: {
    to_sign: string;
    api_secret: string;
    algorithm: SignatureAlgorithm;
    long_url_signature: boolean;
    length: number;
    url?: string;
  };
  auth_token: {
    key: string;
    start_time?: number;
    duration?: number;
    expiration?: number;
    ip?: string;
    acl?: string | string[];
    url?: string;
    token_name?: string;
  };
  auth_token_escape: { input: string };
  download_url_signature: {
    path: string;
    params: SignableParams;
    string_to_sign: string;
    api_secret: string;
    algorithm: SignatureAlgorithm;
    url?: string;
  };
  signed_search_url: {
    ttl: number;
    query_json: string;
    query_base64: string;
    next_cursor: string | null;
    api_secret: string;
  };
  basic_auth_header: { api_key: string; api_secret: string; base64_variant: 'standard' | 'url-safe' };
}

export type Family = keyof VectorFamilies;
export type Vector<F extends Family> = VectorFamilies[F] & Common & { readonly family: F };

/** The golden vectors, one JSON object a line, each with the public test or tool it comes from. */
export const vectors = readFileSync(new URL('./vectors.test-data.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Common & { readonly family: Family });

export function vectorsOf<F extends Family>(family: F): Vector<F>[] {
  return vectors.filter((vector): vector is Vector<F> => vector.family === family);
}
