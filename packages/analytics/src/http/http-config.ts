import { readFileSync } from 'node:fs';
import { AnalyticsError } from '../analytics-store.ts';
import type { QueryLimits } from '../query-limits.ts';

/** How to reach a ClickHouse server, and how much to ask of it at once. */
export interface HttpAnalyticsConfig {
  /** `http(s)://[user[:password]@]host[:port][/database]`, percent-encoded where needed. Nothing else in it. */
  readonly url: string;
  /** These win over what the URL holds. */
  readonly username?: string;
  readonly password?: string;
  /** Default `throughline`. */
  readonly database?: string;
  readonly tls?: TlsFiles;
  /**
   * Set for replicated tables: migrations are `ON CLUSTER`, inserts wait for a majority of the replicas, queries see all
   * that was inserted before them.
   */
  readonly replication?: Replication;
  /** Compress what is sent and received (zstd). Default false: within one network it costs more than it saves. */
  readonly compress?: boolean;
  /** Queries that run at once. */
  readonly queryConnections?: number;
  /** Inserts that run at once. */
  readonly insertConnections?: number;
  /** Queries, and as many inserts, that may wait for a connection; one more fails with `unavailable`. */
  readonly queueMax?: number;
  readonly limits?: Partial<QueryLimits>;
  /** An insert whose answer takes longer is given up: it may or may not be stored. */
  readonly insertTimeoutMs?: number;
}

/** Paths of PEM files. */
export interface TlsFiles {
  /** Authorities to trust instead of the system's. */
  readonly caFile?: string;
  /** The client's own certificate and its key, where the server asks for one. User and password are sent as well. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface Replication {
  /** Name of the cluster in the server's configuration, or `{cluster}` for the server's own macro. */
  readonly cluster: string;
}

/** A config that was read: each part where the client wants it. */
export interface Endpoint {
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

/** Where the tables live unless the URL says otherwise: as in process. */
const DATABASE = 'throughline';

/**
 * @throws AnalyticsError `rejected` with what is wrong, never with a password.
 */
export function readEndpoint(config: HttpAnalyticsConfig): Endpoint {
  let url: URL;
  try {
    url = new URL(config.url);
  } catch {
    throw rejected('it is not an URL like http://user:password@host:8123/database');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw rejected(`it begins with ${url.protocol}, not http: or https:`);
  if (url.search || url.hash)
    throw rejected('nothing may follow the database: settings of the client are not taken from there');
  const database = config.database ?? (decode(url.pathname.slice(1)) || DATABASE);
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(database)) {
    throw rejected('the database is named with letters, digits and _, 64 at most');
  }
  const { tls = {} } = config;
  if (url.protocol === 'http:' && Object.values(tls).some((file) => file !== undefined)) {
    throw rejected('TLS files are given, so it has to begin with https:');
  }
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    throw rejected("the client's certificate and its key are given together");
  }
  return {
    origin: url.origin,
    username: config.username ?? (decode(url.username) || 'default'),
    password: config.password ?? decode(url.password),
    database,
    tls: { ca: readPem(tls.caFile), cert: readPem(tls.certFile), key: readPem(tls.keyFile) },
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw rejected('a % in it does not begin a percent-encoding');
  }
}

function readPem(path: string | undefined): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new AnalyticsError('rejected', `A TLS file of ClickHouse cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function rejected(reason: string): AnalyticsError {
  return new AnalyticsError('rejected', `The URL of ClickHouse cannot be used: ${reason}`);
}
