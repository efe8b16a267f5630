import { createHmac, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

/** JSON Web Tokens (RFC 7519), made without the library the server reads them with. */
export type Signs = (text: string) => Buffer;

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function makeJwt(header: object, claims: object, signs: Signs): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${signs(text).toString('base64url')}`;
}

export function hs256(secret: string): Signs {
  return (text) => createHmac('sha256', secret).update(text).digest();
}

/** A key pair, its public half as a JWKS has it. */
export function jwkPair(algorithm: 'RS256' | 'ES256', kid: string): { signs: Signs; jwk: JsonWebKey } {
  const { privateKey, publicKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
  return { signs: signsWith(privateKey), jwk };
}

function signsWith(key: KeyObject): Signs {
  return (text) => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
}
