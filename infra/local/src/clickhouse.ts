import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalServer, type LocalServerOptions, startLocalServer } from './local-server.ts';

export interface ClickHouseServerOptions extends LocalServerOptions {
  /** Default: a free one. */
  readonly port?: number;
}

/** The ClickHouse engine behind its HTTP interface, on loopback. */
export interface ClickHouseServer extends LocalServer {
  /** `http://127.0.0.1:<port>`: user `default`, no password. */
  readonly url: string;
  readonly port: number;
}

const PROCESS = fileURLToPath(
  new URL('../../../packages/testkit/src/clickhouse-server/server-process.ts', import.meta.url),
);
const START_MS_MAX = 60_000;

/**
 * Starts the engine in a process of its own and waits until it serves. For a server that outlives this process, which
 * is what it has beyond testkit's `startClickHouse`; tests take that one, which can also be told to fail.
 */
export async function startClickHouseServer(options: ClickHouseServerOptions = {}): Promise<ClickHouseServer> {
  const { server, ports } = await startLocalServer('ClickHouse', options, [options.port], async (dir, [port]) => ({
    command: process.execPath,
    args: [PROCESS, join(dir, 'data'), String(port)],
    // Each statement holds a thread while it runs.
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: '32', CLICKHOUSE_USER: 'default', CLICKHOUSE_PASSWORD: '' },
    ready: (log) => log.includes(`{"port":${port},`),
    startTimeoutMs: START_MS_MAX,
  }));
  return Object.assign(server, { url: `http://127.0.0.1:${ports[0]}`, port: ports[0]! });
}
