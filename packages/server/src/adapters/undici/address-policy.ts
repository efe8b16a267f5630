import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isCidr } from '../../cidr-list.js';
import { PUBLIC_RANGE_V6, specialRangesV4, specialRangesV6 } from './special-ranges.js';

const WEB_PORTS: ReadonlySet<number> = new Set([80, 443]);

export type AddressRefusal = 'ERR_ADDRESS_NOT_ALLOWED' | 'ERR_PORT_NOT_ALLOWED';

/** Whether a connection to this address and port may be made: null when it may. */
export type AddressPolicy = (address: string, port: number) => AddressRefusal | null;

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * Public addresses on the web ports, and any port inside the ranges of `allow` (threat model T22). Only the family an address is
 * written in counts: an IPv4 range does not admit the same host spelled as a mapped IPv6 address. Throws on a malformed range.
 */
export function addressPolicy(allow: readonly string[]): AddressPolicy {
  const malformed = allow.filter((cidr) => !isCidr(cidr));
  if (malformed.length > 0) throw new Error(`not CIDR ranges: ${malformed.join(', ')}`);
  const allowed = allow.map((cidr) => ipaddr.parseCIDR(cidr));

  return (address, port) => {
    // Not ipaddr.isValid, which reads octal, hexadecimal and shortened spellings.
    if (isIP(address) === 0) return 'ERR_ADDRESS_NOT_ALLOWED';
    const parsed = ipaddr.parse(address);
    if (allowed.some((range) => contains(range, parsed))) return null;
    if (!isPublic(parsed)) return 'ERR_ADDRESS_NOT_ALLOWED';
    return WEB_PORTS.has(port) ? null : 'ERR_PORT_NOT_ALLOWED';
  };
}

const publicV6 = ipaddr.parseCIDR(PUBLIC_RANGE_V6);
const specialV4 = specialRangesV4.map(([cidr]) => ipaddr.parseCIDR(cidr));
const specialV6 = specialRangesV6.map(([cidr]) => ipaddr.parseCIDR(cidr));

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.kind() === 'ipv4') return !specialV4.some((range) => contains(range, address));
  return contains(publicV6, address) && !specialV6.some((range) => contains(range, address));
}

function contains(range: Range, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return range[0].kind() === address.kind() && address.match(range);
}
