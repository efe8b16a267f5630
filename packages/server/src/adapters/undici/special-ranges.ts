/**
 * Addresses that are no place on the public Internet: the IANA IPv4 special-purpose registry (RFC 6890 and later entries),
 * multicast and the reserved block. Each with what it is, because the list is read more often than changed.
 */
export const specialRangesV4: readonly (readonly [cidr: string, what: string])[] = [
  ['0.0.0.0/8', 'this network, RFC 791'],
  ['10.0.0.0/8', 'private use, RFC 1918'],
  ['100.64.0.0/10', 'shared address space, RFC 6598'],
  ['127.0.0.0/8', 'loopback, RFC 1122'],
  ['169.254.0.0/16', 'link local and cloud metadata, RFC 3927'],
  ['172.16.0.0/12', 'private use, RFC 1918'],
  ['192.0.0.0/24', 'protocol assignments, RFC 6890'],
  ['192.0.2.0/24', 'documentation, RFC 5737'],
  ['192.31.196.0/24', 'AS112, RFC 7535'],
  ['192.52.193.0/24', 'AMT, RFC 7450'],
  ['192.88.99.0/24', '6to4 relay, RFC 7526'],
  ['192.168.0.0/16', 'private use, RFC 1918'],
  ['192.175.48.0/24', 'AS112, RFC 7534'],
  ['198.18.0.0/15', 'benchmarking, RFC 2544'],
  ['198.51.100.0/24', 'documentation, RFC 5737'],
  ['203.0.113.0/24', 'documentation, RFC 5737'],
  ['224.0.0.0/4', 'multicast, RFC 5771'],
  ['240.0.0.0/4', 'reserved and broadcast, RFC 1112'],
];

/** The only IPv6 block that is given out to the public (RFC 4291 section 2.4): mapped, NAT64, local and all others lie outside. */
export const PUBLIC_RANGE_V6 = '2000::/3';

/** What is special inside {@link PUBLIC_RANGE_V6} (IANA IPv6 special-purpose registry). */
export const specialRangesV6: readonly (readonly [cidr: string, what: string])[] = [
  ['2001::/23', 'protocol assignments with Teredo, benchmarking, ORCHID, RFC 2928'],
  ['2001:db8::/32', 'documentation, RFC 3849'],
  ['2002::/16', '6to4: carries any IPv4 address, RFC 3056'],
  ['2620:4f:8000::/48', 'AS112, RFC 7534'],
  ['3fff::/20', 'documentation, RFC 9637'],
];
