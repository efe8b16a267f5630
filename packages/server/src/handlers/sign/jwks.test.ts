import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UndiciRemoteFetcher } from '../../adapters/undici/undici-remote-fetcher.js';
import { createJwks } from './jwks.js';

const jwkOf = (kid: string): JWK => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } as JWK;
};
const minuteMs = 60_000;

let server: Server;
let keys: JWK[];
let status: number;
let asked: number;
let nowMs = 0;
const fetcher = new UndiciRemoteFetcher({ fetchAllow: ['127.0.0.0/8'] });

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await fetcher.close();
  server.close();
});
beforeEach(() => {
  [keys, status, asked] = [[jwkOf('one')], 200, 0];
});

function open() {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  const find = createJwks(url, { fetcher, clock: { now: () => nowMs } });
  return async (kid: string) => {
    try {
      await find({ alg: 'ES256', kid }, { payload: '', signature: '' });
      return 'found';
    } catch {
      return 'none';
    }
  };
}

describe('keys of a JWKS address', () => {
  test('are fetched once for many, and again when they are old', async () => {
    const find = open();
    expect(new Set(await Promise.all(Array.from({ length: 10 }, () => find('one'))))).toEqual(
      new Set(['found']),
    );
    expect(asked).toBe(1);
    nowMs += 11 * minuteMs;
    expect([await find('one'), asked]).toEqual(['found', 2]);
  });

  test('that are new are found, but made-up ids ask at most twice a minute', async () => {
    const find = open();
    await find('one');
    keys = [...keys, jwkOf('two')];
    expect([await find('two'), asked]).toEqual(['none', 1]);
    nowMs += minuteMs;
    expect([await find('two'), asked]).toEqual(['found', 2]);
    for (const kid of ['x', 'y', 'z']) expect(await find(kid)).toBe('none');
    expect(asked).toBe(2);
  });

  test('stay in use while the address is down', async () => {
    const find = open();
    await find('one');
    status = 500;
    nowMs += 11 * minuteMs;
    expect([await find('one'), asked]).toEqual(['found', 2]);
    expect([await find('one'), asked]).toEqual(['found', 2]);
  });

  test('that never came are not asked for with every request', async () => {
    status = 500;
    const find = open();
    for (let index = 0; index < 5; index += 1) expect(await find('one')).toBe('none');
    expect(asked).toBe(1);
    status = 200;
    nowMs += minuteMs;
    expect(await find('one')).toBe('found');
  });
});
