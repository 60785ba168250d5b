import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** How far an address is from the public internet. */
export type Reach =
  | 'public'
  /** This machine or this network: private, loopback, shared, unique-local. */
  | 'local'
  /** Link-local (cloud metadata services live there), multicast, unspecified, reserved, tunnels: nothing to talk to. */
  | 'never';

/**
 * @param address an IPv4 or IPv6 address in canonical text, as DNS look-ups and `URL.hostname` (without brackets) give.
 */
export function reachOf(address: string): Reach {
  if (isIP(address) === 0) return 'never';
  const parsed = ipaddr.process(stripZone(address));
  if (parsed.kind() === 'ipv4') return reachOfRange(parsed.range());
  const v6 = parsed as ipaddr.IPv6;
  // EC2's metadata service over IPv6 is a unique-local address.
  if (v6.toNormalizedString() === METADATA_V6) return 'never';
  const range = v6.range();
  if (range === 'rfc6052') return reachOf(embeddedV4(v6));
  // Beside the ranges that the library knows: only 2000::/3 is assigned as global unicast.
  if (range === 'unicast' && (v6.parts[0]! & 0xe000) !== 0x2000) return 'never';
  return reachOfRange(range);
}

const METADATA_V6 = new ipaddr.IPv6(ipaddr.IPv6.parse('fd00:ec2::254').parts).toNormalizedString();

function reachOfRange(range: string): Reach {
  switch (range) {
    case 'unicast':
      return 'public';
    case 'private':
    case 'loopback':
    case 'uniqueLocal':
    case 'carrierGradeNat':
      return 'local';
    default:
      return 'never';
  }
}

/** NAT64: an IPv6-only network reaches IPv4 hosts by addresses whose last 32 bits are the IPv4 address. */
function embeddedV4(address: ipaddr.IPv6): string {
  return ipaddr.fromByteArray(address.toByteArray().slice(12)).toString();
}

function stripZone(address: string): string {
  const percent = address.indexOf('%');
  return percent === -1 ? address : address.slice(0, percent);
}
