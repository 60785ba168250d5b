/** A host name or address (IPv6 without brackets) and its port. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** Files are read when connecting, not when parsing. */
export interface RedisTls {
  /** Certificates of the authorities to trust instead of the system's, PEM. */
  readonly caFile?: string;
  /** Certificate and key that the client shows, PEM. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name in the server's certificate where it is not the host's. */
  readonly serverName?: string;
}

interface RedisAccess {
  /** An ACL user; without one the password is the default user's. */
  readonly username?: string;
  readonly password?: string;
  /** Undefined: not encrypted. */
  readonly tls?: RedisTls;
}

/** Where Redis is and how to get in. */
export type RedisTarget = RedisAccess &
  (
    | { readonly kind: 'single'; readonly address: RedisAddress; readonly db: number }
    | {
        readonly kind: 'sentinel';
        readonly sentinels: readonly RedisAddress[];
        /** Under which the sentinels know the master. */
        readonly name: string;
        readonly db: number;
        readonly sentinelUsername?: string;
        readonly sentinelPassword?: string;
      }
    | { readonly kind: 'cluster'; readonly nodes: readonly RedisAddress[] }
  );

/** A Redis URL that means nothing. Its message says what to write instead and never holds a password. */
export class InvalidRedisUrl extends Error {
  override readonly name = 'InvalidRedisUrl';
}

/**
 * Reads the three forms of `REDIS_URL`; with `rediss` in place of `redis` each is encrypted (both the sentinels and the
 * servers).
 *
 * - `redis://[[user]:password@]host[:6379][/database]`
 * - `redis+sentinel://[[user]:password@]host[:26379][,host[:port]…][/database]?name=<master>`, further
 *   `sentinelUsername` and `sentinelPassword` where the sentinels want their own
 * - `redis+cluster://[[user]:password@]host[:6379][,host[:port]…]`: any nodes, the others are found through them
 *
 * With `rediss`, further `ca`, `cert` and `key` (paths of PEM files) and `servername`. User, password and values of
 * parameters are percent-decoded; IPv6 addresses stand in brackets.
 *
 * @throws InvalidRedisUrl
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = URL_FORM.exec(url);
  if (!match?.groups) {
    throw new InvalidRedisUrl(
      'a Redis URL begins with redis://, redis+sentinel:// or redis+cluster:// (rediss… for TLS) and a host',
    );
  }
  const { scheme, secure, kind = 'single', credentials, hosts, path, query } = match.groups;
  // Before anything is quoted in a message: it may be the rest of a password that was cut there.
  if (`${path}${query}`.includes('@')) {
    throw new InvalidRedisUrl('write / ? # and @ in user, password and parameters of the Redis URL as %2F %3F %23 %40');
  }
  const isSecure = secure !== undefined;
  const parameters = readParameters(query ?? '', [
    ...(isSecure ? TLS_PARAMETERS : []),
    ...(kind === 'sentinel' ? SENTINEL_PARAMETERS : []),
  ]);
  const access: RedisAccess = {
    ...readCredentials(credentials),
    ...(isSecure && { tls: readTls(parameters) }),
  };
  const addresses = hosts!.split(',').map((text) => readAddress(text, kind === 'sentinel' ? 26_379 : 6_379));
  if (kind === 'cluster') {
    if ((path ?? '') !== '' && path !== '/0') throw new InvalidRedisUrl('a Redis Cluster has database 0 only');
    return { ...access, kind, nodes: addresses };
  }
  const db = readDatabase(path ?? '');
  if (kind === 'sentinel') {
    const name = parameters.get('name');
    if (!name) throw new InvalidRedisUrl(`${scheme}:// needs ?name=<the name of the master as the sentinels know it>`);
    const sentinelUsername = parameters.get('sentinelUsername');
    const sentinelPassword = parameters.get('sentinelPassword');
    return { ...access, kind, sentinels: addresses, name, db, sentinelUsername, sentinelPassword };
  }
  if (addresses.length > 1) {
    throw new InvalidRedisUrl('redis:// names one host; for several write redis+sentinel:// or redis+cluster://');
  }
  return { ...access, kind: 'single', address: addresses[0]!, db };
}

/** For messages: where it is, without user and password. */
export function describeTarget(target: RedisTarget): string {
  const scheme = target.tls ? 'rediss' : 'redis';
  const list = (addresses: readonly RedisAddress[]) => addresses.map(addressText).join(',');
  if (target.kind === 'single') return `${scheme}://${addressText(target.address)}/${target.db}`;
  if (target.kind === 'cluster') return `${scheme}+cluster://${list(target.nodes)}`;
  return `${scheme}+sentinel://${list(target.sentinels)}/${target.db}?name=${encodeURIComponent(target.name)}`;
}

// Credentials go up to the last @ before the path: a password may hold one that nobody encoded.
const URL_FORM =
  /^(?<scheme>redis(?<secure>s)?(?:\+(?<kind>sentinel|cluster))?):\/\/(?:(?<credentials>[^/?#]*)@)?(?<hosts>[^/?#@]+)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;

const TLS_PARAMETERS = ['ca', 'cert', 'key', 'servername'];
const SENTINEL_PARAMETERS = ['name', 'sentinelUsername', 'sentinelPassword'];

function readParameters(query: string, known: readonly string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = decode(at < 0 ? part : part.slice(0, at), 'a parameter');
    if (!known.includes(name)) {
      const list = known.length > 0 ? `known here: ${known.join(', ')}` : 'this form takes none';
      throw new InvalidRedisUrl(`unknown parameter ${JSON.stringify(name)} in the Redis URL; ${list}`);
    }
    const value = at < 0 ? '' : decode(part.slice(at + 1), `parameter ${name}`);
    if (value === '') throw new InvalidRedisUrl(`parameter ${name} of the Redis URL is empty`);
    if (parameters.has(name)) throw new InvalidRedisUrl(`parameter ${name} stands twice in the Redis URL`);
    parameters.set(name, value);
  }
  return parameters;
}

function readCredentials(text: string | undefined): { username?: string; password?: string } {
  if (text === undefined || text === '') return {};
  const at = text.indexOf(':');
  if (at < 0)
    throw new InvalidRedisUrl('a password stands behind a colon: redis://:password@host or user:password@host');
  const username = decode(text.slice(0, at), 'the user');
  const password = decode(text.slice(at + 1), 'the password');
  if (password === '') throw new InvalidRedisUrl('the Redis URL names a user without a password');
  return username === '' ? { password } : { username, password };
}

function readTls(parameters: ReadonlyMap<string, string>): RedisTls {
  const certFile = parameters.get('cert');
  const keyFile = parameters.get('key');
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new InvalidRedisUrl('cert and key of the Redis URL come together: a certificate and the key to it');
  }
  return { caFile: parameters.get('ca'), certFile, keyFile, serverName: parameters.get('servername') };
}

const ADDRESS_FORM = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^:[\]\s]+))(?::(?<port>\d{1,5}))?$/;

function readAddress(text: string, defaultPort: number): RedisAddress {
  const groups = ADDRESS_FORM.exec(text)?.groups;
  const port = Number(groups?.port ?? defaultPort);
  if (!groups || port < 1 || port > 65_535) {
    throw new InvalidRedisUrl(
      `${JSON.stringify(text)} in the Redis URL is not host:port (an IPv6 address: [::1]:6379)`,
    );
  }
  return { host: (groups.v6 ?? groups.name)!, port };
}

function addressText({ host, port }: RedisAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function readDatabase(path: string): number {
  const text = path.replace(/^\//, '');
  if (text === '') return 0;
  const db = Number(text);
  if (!/^\d{1,5}$/.test(text))
    throw new InvalidRedisUrl(`${JSON.stringify(text)} is not the number of a Redis database`);
  return db;
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidRedisUrl(`${what} of the Redis URL has a % that is no escape; write %25 for a percent sign`);
  }
}
