import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createClientAddress } from './client-address.js';

const proxies = ['10.0.0.0/8', '127.0.0.1/32', 'fd00::/8', '::1/128'];

/** What the function reads of a request, and no more. */
function request(peer: string | undefined, forwarded?: string, others: Record<string, string> = {}) {
  const headers = forwarded === undefined ? others : { ...others, 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
}

describe('createClientAddress', () => {
  const clientAddressOf = createClientAddress(proxies);

  it.each([
    ['no header', undefined, '10.0.0.1'],
    ['one proxy', '192.0.2.1', '192.0.2.1'],
    ['a chain of proxies', '192.0.2.1, fd00::2,127.0.0.1', '192.0.2.1'],
    ['what the client wrote itself, before the proxy', '198.51.100.1, 192.0.2.1', '192.0.2.1'],
    ['a proxy of ours, as the client wrote it', '198.51.100.1, 10.0.0.2, 192.0.2.1', '192.0.2.1'],
    ['proxies only: the first of them asked', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ])('behind a proxy: %s', (_what, forwarded, client) => {
    expect(clientAddressOf(request('10.0.0.1', forwarded))).toBe(client);
  });

  it.each([
    ['a client that is no proxy', '192.0.2.1', '192.0.2.1'],
    ['IPv4 in IPv6 clothing that is a proxy', '::ffff:10.0.0.1', '198.51.100.1'],
    ['and that is none', '::ffff:192.0.2.1', '192.0.2.1'],
    ['a zone', 'fe80::1%eth0', 'fe80::1'],
    ['a zone that this machine does not have', 'fe80::1%nowhere', 'fe80::1'],
    ['a socket of the file system, or a connection that is gone', undefined, 'unknown'],
  ])('the peer of the connection: %s', (_what, peer, client) => {
    expect(clientAddressOf(request(peer, '198.51.100.1'))).toBe(client);
  });

  it.each([
    ['192.0.2.1', ['\t192.0.2.1 \t', '192.0.2.1\n', '192.0.2.1:567', '192.0.2.1, [::1]:80, 10.0.0.2:9']],
    ['192.0.2.1', ['::ffff:192.0.2.1', '[::FFFF:c000:0201]:80', '192.0.2.1, ::ffff:a00:2']],
    ['2001:db8::1', ['2001:db8::1', '[2001:db8::1]', '[2001:db8::1]:80', '2001:0DB8:0:0:0:0:0:1']],
  ])('%s in all its spellings', (client, spellings) => {
    for (const forwarded of spellings) expect(clientAddressOf(request('10.0.0.1', forwarded))).toBe(client);
  });

  it.each([
    ['nothing', ['']],
    ['words', ['unknown', 'localhost', 'unix:', '"192.0.2.1"', '192.0.2.1:http']],
    ['other numbers', ['0300.0.2.1', '192.0.1', '192.0.2.0/24', '[2001:db8::1']],
  ])('%s is no address: the walk ends before it', (_what, entries) => {
    for (const entry of entries) {
      expect(clientAddressOf(request('10.0.0.1', entry))).toBe('10.0.0.1');
      expect(clientAddressOf(request('10.0.0.1', `198.51.100.1, ${entry}`))).toBe('10.0.0.1');
      expect(clientAddressOf(request('10.0.0.1', `192.0.2.1, ${entry}, 10.0.0.2`))).toBe('10.0.0.2');
    }
  });

  it('reads no header when nobody is trusted', () => {
    const ofNobody = createClientAddress([]);
    for (const peer of ['127.0.0.1', '::1', '10.0.0.1']) {
      expect(ofNobody(request(peer, '192.0.2.1'))).toBe(peer);
    }
    expect(ofNobody(request('::ffff:127.0.0.1'))).toBe('127.0.0.1');
  });

  it('reads no other header', () => {
    const others = {
      forwarded: 'for=192.0.2.1',
      'x-real-ip': '192.0.2.1',
      'x-client-ip': '192.0.2.1',
      'cf-connecting-ip': '192.0.2.1',
      'true-client-ip': '192.0.2.1',
    };
    expect(clientAddressOf(request('10.0.0.1', undefined, others))).toBe('10.0.0.1');
  });

  it.each([
    ['10.0.0.4/30', '10.0.0.7', '10.0.0.8'],
    ['10.1.2.3/16', '10.1.255.255', '10.2.0.0'],
    ['192.0.2.7/32', '192.0.2.7', '192.0.2.6'],
    ['2001:db8::/33', '2001:db8:7fff::1', '2001:db8:8000::1'],
    ['::ffff:10.0.0.0/104', '10.9.9.9', '11.0.0.1'],
    ['0.0.0.0/0', '203.0.113.1', '2001:db8::1'],
  ])('%s holds %s and not %s', (cidr, inside, outside) => {
    const ofOne = createClientAddress([cidr]);
    expect(ofOne(request(inside, '192.0.2.99'))).toBe('192.0.2.99');
    expect(ofOne(request(outside, '192.0.2.99'))).toBe(outside);
  });

  it('looks at thirty-two entries, however long the header is', () => {
    const chain = (length: number) => `192.0.2.1, ${Array(length).fill('10.0.0.2').join(', ')}`;
    expect(clientAddressOf(request('10.0.0.1', chain(31)))).toBe('192.0.2.1');
    expect(clientAddressOf(request('10.0.0.1', chain(32)))).toBe('10.0.0.2');
    for (const long of [',', ':', '1', '1.', '[', ']', '%', ' ', '10.0.0.2,']) {
      const header = long.repeat(1_000_000);
      const startedAt = performance.now();
      expect(clientAddressOf(request('10.0.0.1', header))).toMatch(/^10\.0\.0\.[12]$/);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }
  });
});
