import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, SocketAddress } from 'node:net';

/** Whom a request comes from: a canonical IP address, or `unknown` when the connection has none (it is gone). */
export type ClientAddressOf = (req: IncomingMessage) => string;

/** Entries of a header that are looked at. No chain of proxies is as long. */
const maxHops = 32;

/**
 * The one place that says who a client is: the limits, the turns at the renderers and the log go by it. A connection from inside
 * `trustedProxies` (CIDR ranges) speaks for the right-most address of `X-Forwarded-For` that is no trusted proxy itself: whatever
 * stands left of that one was written by somebody we do not know. An entry that is no address ends the walk at the one before it.
 * `Forwarded` (RFC 7239) is not read: who reads two headers believes the one that the proxy passes on unread.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddressOf {
  const proxies = blockListOf(trustedProxies);
  const isProxy = (address: string) => proxies.check(address, familyOf(address));
  return ({ socket, headers }) => {
    const peer = canonicalAddress(socket.remoteAddress ?? '');
    if (peer === null || trustedProxies.length === 0) return peer ?? 'unknown';
    let client: string = peer;
    // Node has joined the lines of a header that came in several.
    for (const entry of fromTheRight(String(headers['x-forwarded-for'] ?? ''))) {
      const before: string | null = isProxy(client) ? readEntry(entry) : null;
      if (before === null) break;
      client = before;
    }
    return client;
  };
}

function blockListOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    list.addSubnet(network, Number(prefix), familyOf(network));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Empty entries too: what stands left of one may be the client's own words. */
function* fromTheRight(list: string): Generator<string> {
  let end = list.length;
  for (let hops = 0; hops < maxHops && end >= 0; hops++) {
    const comma = list.slice(0, end).lastIndexOf(',');
    yield list.slice(comma + 1, end).trim();
    end = comma;
  }
}

/** `192.0.2.1`, `192.0.2.1:567`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:567`. */
function readEntry(entry: string): string | null {
  const [, inBrackets, v4] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(entry) ?? [];
  return canonicalAddress(inBrackets ?? v4 ?? entry);
}

/** One spelling for one address: IPv6 as RFC 5952 writes it, without its zone; IPv4 in IPv6 clothing is IPv4. */
function canonicalAddress(text: string): string | null {
  const family = isIP(text);
  if (family !== 6) return family === 4 ? text : null;
  const { address } = new SocketAddress({ address: text.replace(/%.*$/, ''), family: 'ipv6' });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}
