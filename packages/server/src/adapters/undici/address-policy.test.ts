import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressPolicy } from './address-policy.js';

const refused = 'ERR_ADDRESS_NOT_ALLOWED';

describe('addressPolicy', () => {
  const policy = addressPolicy([]);

  it.each([
    // Public.
    ['8.8.8.8', null],
    ['1.1.1.1', null],
    ['100.63.255.255', null],
    ['100.128.0.1', null],
    ['172.15.255.255', null],
    ['172.32.0.1', null],
    ['192.0.1.1', null],
    ['198.17.255.255', null],
    ['223.255.255.255', null],
    ['2606:4700:4700::1111', null],
    ['2a00:1450:4001::200e', null],
    ['2001:200::1', null],
    // Special IPv4.
    ['0.0.0.0', refused],
    ['0.1.2.3', refused],
    ['10.0.0.1', refused],
    ['10.255.255.255', refused],
    ['100.64.0.1', refused],
    ['127.0.0.1', refused],
    ['127.255.255.254', refused],
    ['169.254.169.254', refused],
    ['172.16.0.1', refused],
    ['172.31.255.255', refused],
    ['192.0.0.170', refused],
    ['192.0.2.1', refused],
    ['192.88.99.1', refused],
    ['192.168.1.1', refused],
    ['198.18.0.1', refused],
    ['198.51.100.7', refused],
    ['203.0.113.9', refused],
    ['224.0.0.1', refused],
    ['239.255.255.250', refused],
    ['240.0.0.1', refused],
    ['255.255.255.255', refused],
    // Special IPv6.
    ['::', refused],
    ['::1', refused],
    ['::7f00:1', refused],
    ['::ffff:127.0.0.1', refused],
    ['::ffff:8.8.8.8', refused],
    ['::ffff:0:127.0.0.1', refused],
    ['64:ff9b::8.8.8.8', refused],
    ['64:ff9b:1::1', refused],
    ['100::1', refused],
    ['100:0:0:1::1', refused],
    ['2001::1', refused],
    ['2001:2::1', refused],
    ['2001:10::1', refused],
    ['2001:1ff:ffff::1', refused],
    ['2001:db8::1', refused],
    ['2002:7f00:1::', refused],
    ['2620:4f:8000::1', refused],
    ['3fff::1', refused],
    ['4000::1', refused],
    ['5f00::1', refused],
    ['fc00::1', refused],
    ['fd00:ec2::254', refused],
    ['fe80::1', refused],
    ['fe80::1%eth0', refused],
    ['fec0::1', refused],
    ['ff02::1', refused],
    // No address as a resolver writes one.
    ['', refused],
    ['127.1', refused],
    ['0x7f.1', refused],
    ['0177.0.0.1', refused],
    ['2130706433', refused],
    ['8.8.8.8 ', refused],
    ['localhost', refused],
    ['8.8.8.8/8', refused],
  ])('%s -> %s', (address, expected) => {
    expect(policy(address, 443)).toBe(expected);
  });

  it('lets public addresses be reached on the web ports only', () => {
    expect([80, 443].map((port) => policy('8.8.8.8', port))).toEqual([null, null]);
    for (const port of [0, 1, 22, 25, 81, 3306, 6379, 8080, 8443, 65_535]) {
      expect(policy('8.8.8.8', port)).toBe('ERR_PORT_NOT_ALLOWED');
    }
  });

  it('lets allowed ranges be reached on every port, and nothing beside them', () => {
    const lenient = addressPolicy(['127.0.0.0/8', '10.1.0.0/16', 'fd00:1::/32']);
    for (const port of [80, 22, 9000]) {
      expect(lenient('127.9.9.9', port)).toBeNull();
      expect(lenient('10.1.2.3', port)).toBeNull();
      expect(lenient('fd00:1::5', port)).toBeNull();
      expect(lenient('10.2.0.1', port)).toBe(refused);
      expect(lenient('::ffff:127.0.0.1', port)).toBe(refused);
      expect(lenient('fd00:2::1', port)).toBe(refused);
      expect(lenient('::1', port)).toBe(refused);
    }
    expect(lenient('8.8.8.8', 9000)).toBe('ERR_PORT_NOT_ALLOWED');
  });

  it('admits no IPv6 address outside 2000::/3', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const first = Number.parseInt(address.split(':')[0] || '0', 16);
        if (policy(address, 80) === null) expect(first >> 13).toBe(1);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['10.0.0.0', '10.0.0.0/33', 'x/8', '10.0/8', '::/129', '10.0.0.0/08'])('throws on %s', (cidr) => {
    expect(() => addressPolicy(['127.0.0.0/8', cidr])).toThrow(cidr);
  });
});
