import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { reachOf } from './address.ts';
import type { NameReach } from './target-policy.ts';

/** The name resolves to an address that the gateway does not connect to. */
export class TargetNotAllowedError extends Error {
  readonly code = 'THROUGHLINE_TARGET_NOT_ALLOWED';
}

/** The part of `dns.lookup` that is used. */
export type Resolve = (
  hostname: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that answers checked addresses only. The socket connects to what this answers, so a name that
 * changes between check and connection gains nothing. One address out of reach refuses the name: an attacker's name
 * server must not be able to slip a private one in beside a public one.
 */
export function createCheckedLookup(reach: NameReach, resolve: Resolve = dns.lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const refused = addresses.find(({ address }) => !isWithin(address, reach));
      if (refused) return callback(new TargetNotAllowedError(`${hostname} is out of reach`), '', 0);
      const first = addresses[0];
      if (!first) return callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '', 0);
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function isWithin(address: string, reach: NameReach): boolean {
  if (reach === 'any') return true;
  const actual = reachOf(address);
  return actual === 'public' || (actual === 'local' && reach === 'local');
}
