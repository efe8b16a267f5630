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
  it.each<[what: string, peer: string | undefined, forwarded: string | undefined, client: string]>([
    ['no proxy, no header', '192.0.2.1', undefined, '192.0.2.1'],
    ['a header of a client that is no proxy', '192.0.2.1', '198.51.100.1', '192.0.2.1'],
    ['a proxy that sends no header', '10.0.0.1', undefined, '10.0.0.1'],
    ['one proxy', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['a chain of proxies', '10.0.0.1', '192.0.2.1, fd00::2,127.0.0.1', '192.0.2.1'],
    ['what the client wrote itself, before the proxy', '10.0.0.1', '198.51.100.1, 192.0.2.1', '192.0.2.1'],
    ['a proxy of ours, as the client wrote it', '10.0.0.1', '198.51.100.1, 10.0.0.2, 192.0.2.1', '192.0.2.1'],
    ['proxies only: the first of them asked', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['space around', '10.0.0.1', '\t192.0.2.1 \t', '192.0.2.1'],
    // Ports.
    ['IPv4 with port', '10.0.0.1', '192.0.2.1:567', '192.0.2.1'],
    ['IPv6 with port', '10.0.0.1', '[2001:db8::1]:80', '2001:db8::1'],
    ['IPv6 in brackets', '10.0.0.1', '[2001:db8::1]', '2001:db8::1'],
    ['IPv6 without brackets', '10.0.0.1', '2001:db8::1', '2001:db8::1'],
    ['a proxy with port in the chain', '10.0.0.1', '192.0.2.1, [::1]:80, 10.0.0.2:9', '192.0.2.1'],
    // Spellings.
    ['IPv4 in IPv6 clothing as the peer', '::ffff:10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['such a peer that is no proxy', '::ffff:192.0.2.1', '198.51.100.1', '192.0.2.1'],
    ['IPv4 in IPv6 clothing in the header', '10.0.0.1', '::ffff:192.0.2.1', '192.0.2.1'],
    ['the same in hexadecimal', '10.0.0.1', '[::FFFF:c000:0201]:80', '192.0.2.1'],
    ['a proxy so spelled', '10.0.0.1', '192.0.2.1, ::ffff:a00:2', '192.0.2.1'],
    ['a long spelling', '10.0.0.1', '2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['a zone', 'fe80::1%eth0', undefined, 'fe80::1'],
    ['a zone that this machine does not have', '10.0.0.1', 'fe80::1%nowhere', 'fe80::1'],
    // No addresses: the walk ends before them.
    ['no address', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['no address in the middle', '10.0.0.1', '192.0.2.1, unknown, 10.0.0.2', '10.0.0.2'],
    ['an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['an empty entry', '10.0.0.1', '198.51.100.1, ', '10.0.0.1'],
    ['an empty first entry', '10.0.0.1', ', 10.0.0.2', '10.0.0.2'],
    ['a socket of the file system, as nginx names it', '10.0.0.1', '198.51.100.1, unix:', '10.0.0.1'],
    ['a name', '10.0.0.1', 'localhost', '10.0.0.1'],
    ['octal', '10.0.0.1', '0300.0.2.1', '10.0.0.1'],
    ['three numbers', '10.0.0.1', '192.0.1', '10.0.0.1'],
    ['a range', '10.0.0.1', '192.0.2.0/24', '10.0.0.1'],
    ['quotes', '10.0.0.1', '"192.0.2.1"', '10.0.0.1'],
    ['a port that is none', '10.0.0.1', '192.0.2.1:http', '10.0.0.1'],
    ['a bracket left open', '10.0.0.1', '[2001:db8::1', '10.0.0.1'],
    ['a line end', '10.0.0.1', '192.0.2.1\n', '192.0.2.1'],
    // No peer: a socket of the file system, or a connection that is gone.
    ['no peer', undefined, '192.0.2.1', 'unknown'],
  ])('%s', (_what, peer, forwarded, client) => {
    expect(createClientAddress(proxies)(request(peer, forwarded))).toBe(client);
  });

  it('reads no header when nobody is trusted', () => {
    const clientAddressOf = createClientAddress([]);
    for (const peer of ['127.0.0.1', '::1', '10.0.0.1']) {
      expect(clientAddressOf(request(peer, '192.0.2.1'))).toBe(peer);
    }
    expect(clientAddressOf(request('::ffff:127.0.0.1'))).toBe('127.0.0.1');
  });

  it('reads no other header', () => {
    const others = {
      forwarded: 'for=192.0.2.1',
      'x-real-ip': '192.0.2.1',
      'x-client-ip': '192.0.2.1',
      'cf-connecting-ip': '192.0.2.1',
      'true-client-ip': '192.0.2.1',
    };
    expect(createClientAddress(proxies)(request('10.0.0.1', undefined, others))).toBe('10.0.0.1');
  });

  it.each([
    ['10.0.0.4/30', '10.0.0.7', '10.0.0.8'],
    ['10.1.2.3/16', '10.1.255.255', '10.2.0.0'],
    ['192.0.2.7/32', '192.0.2.7', '192.0.2.6'],
    ['2001:db8::/33', '2001:db8:7fff::1', '2001:db8:8000::1'],
    ['::ffff:10.0.0.0/104', '10.9.9.9', '11.0.0.1'],
    ['0.0.0.0/0', '203.0.113.1', '2001:db8::1'],
  ])('%s holds %s and not %s', (cidr, inside, outside) => {
    const clientAddressOf = createClientAddress([cidr]);
    expect(clientAddressOf(request(inside, '192.0.2.99'))).toBe('192.0.2.99');
    expect(clientAddressOf(request(outside, '192.0.2.99'))).toBe(outside);
  });

  it('looks at thirty-two entries, however long the header is', () => {
    const clientAddressOf = createClientAddress(proxies);
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
