import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressPolicy, AddressRefusal } from './address-policy.js';

/** All addresses of a host name. */
export type ResolveHost = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

/** The system's resolver: /etc/hosts and DNS, in its own order. */
export const resolveHost: ResolveHost = (hostname) => lookup(hostname, { all: true, verbatim: true });

/** A name resolved to at least one address that must not be reached. Says neither which nor where. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  readonly code: AddressRefusal;
  constructor(code: AddressRefusal) {
    super('address refused');
    this.code = code;
  }
}

/**
 * Connects only where the policy allows. The addresses checked are the very ones handed to the socket, so a name that changes its
 * answer between check and connect gains nothing, and one bad record among good ones refuses all (threat model T23).
 *
 * Sockets skip the look-up for hosts that are addresses already: those are checked in `checkUrl`.
 */
export function guardedConnector(policy: AddressPolicy, resolve: ResolveHost): buildConnector.connector {
  return (options, callback) => {
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    // A connector per connection, because the look-up is not told the port.
    const connect = buildConnector({ lookup: guardedLookup(policy, resolve, port) });
    connect(options, callback);
  };
}

function guardedLookup(policy: AddressPolicy, resolve: ResolveHost, port: number): LookupFunction {
  return (hostname, options, callback) => {
    const resolving = resolve(hostname).then((addresses) => {
      const [first] = addresses;
      if (first === undefined) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
      for (const { address } of addresses) {
        const refusal = policy(address, port);
        if (refusal !== null) throw new AddressRefusedError(refusal);
      }
      return { all: [...addresses], first };
    });
    resolving.then(
      ({ all, first }) => (options.all ? callback(null, all) : callback(null, first.address, first.family)),
      (error) => callback(error, ''),
    );
  };
}
