import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { CallState } from '@throughline/call-state/call-state';
import type { KeyRecord } from '@throughline/contracts/keys';
import { hashKey } from '@throughline/contracts/keys';
import type { SessionRecords } from '@throughline/contracts/recorded-call';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { createApp } from '@throughline/http/app';
import { apiErrorHandler, unknownRoute } from '@throughline/http/error-handler';
import { applyServerLimits, SERVER_OPTIONS } from '@throughline/http/server-limits';
import { serveUpgrades, withUpgrades } from '@throughline/http/upgrades';
import { type MaskingRulesInput, masksOf } from '@throughline/masking/masking-rules';
import type { Resolve } from '@throughline/outbound/checked-lookup';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import type { Tracer } from '@throughline/telemetry/tracer';
import type { GatewayCrashPoint } from '../../src/crash-points.ts';
import { GATEWAY_DEFAULTS, type GatewayConfig } from '../../src/gateway-config.ts';
import { createGatewayRouter, type Gateway } from '../../src/gateway-router.ts';
import { openMasking } from '../../src/mask/open-masking.ts';
import { createProviderDirectory } from '../../src/provider-directory.ts';
import { MemoryAppender } from './memory-appender.ts';

export const KEY = 'sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd';
/** Of another tenant. */
export const OTHER_KEY = 'sk-helicone-ooooooo-ttttttt-hhhhhhh-eeeeeee';
export const READ_KEY = 'sk-helicone-rrrrrrr-eeeeeee-aaaaaaa-ddddddd';
export const WRITE_KEY = 'sk-helicone-wwwwwww-rrrrrrr-iiiiiii-ttttttt';

/** A gateway on a free loopback port, with everything it needs beside it. */
export interface Harness {
  readonly origin: string;
  readonly port: number;
  readonly gateway: Gateway;
  readonly appender: MemoryAppender;
  readonly crashPoints: GatewayCrashPoint[];
  metrics(): Promise<string>;
  /** The events, once there are `count` of them. */
  recorded(count: number): Promise<NewRequestEvent[]>;
  /** From now on the key is unknown. */
  revoke(key: string): void;
  close(): Promise<void>;
}

export interface HarnessOptions {
  readonly config?: Partial<GatewayConfig>;
  /** `PROVIDER_<NAME>_URL` by NAME. */
  readonly providerOrigins?: Record<string, string>;
  readonly resolve?: Resolve;
  readonly tracer?: Tracer;
  /** `MASKING_RULES`. */
  readonly masking?: MaskingRulesInput;
  readonly callState?: CallState;
  readonly records?: SessionRecords;
  /** A key that is known only once it was looked for. */
  readonly madeElsewhere?: string;
}

export async function startGateway(options: HarnessOptions = {}): Promise<Harness> {
  const appender = new MemoryAppender();
  const metrics = createMetrics();
  const logger = createLogger('gateway-test', { level: 'silent', pretty: false });
  const crashPoints: GatewayCrashPoint[] = [];
  const records = new Map<string, KeyRecord>();
  const add = (key: string, tenantId: string, permissions: KeyRecord['permissions']) =>
    records.set(hashKey(key), { hash: hashKey(key), id: key.slice(-7), tenantId, permissions });
  add(KEY, 'acme', ['rw']);
  add(OTHER_KEY, 'other', ['rw']);
  add(READ_KEY, 'acme', ['r']);
  add(WRITE_KEY, 'acme', ['w']);
  const masking =
    options.masking &&
    openMasking({
      rules: masksOf(options.masking),
      threads: 2,
      bytesMax: GATEWAY_DEFAULTS.captureBytesMax,
      metrics,
      logger,
    });
  const gateway = createGatewayRouter({
    appender,
    masking,
    metrics,
    logger,
    clock: Date,
    keys: {
      find: (hash) => records.get(hash),
      lookFor: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (options.madeElsewhere) add(options.madeElsewhere, 'elsewhere', ['rw']);
      },
    },
    providers: createProviderDirectory(options.providerOrigins ?? {}),
    config: { loopback: true, ...options.config },
    crashPoint: (name) => crashPoints.push(name),
    ...(options.resolve && { resolve: options.resolve }),
    ...(options.tracer && { tracer: options.tracer }),
    callState: options.callState,
    records: options.records,
  });
  const { app, createServer } = createApp();
  app.use(gateway.router);
  app.use(unknownRoute);
  app.use(apiErrorHandler({ logger }));
  const isLoopback = options.config?.loopback ?? true;
  const server = createServer(withUpgrades(SERVER_OPTIONS, gateway.upgrades, { isLoopback }));
  serveUpgrades(server, gateway.upgrades);
  applyServerLimits(server);
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    gateway,
    appender,
    crashPoints,
    metrics: () => metrics.registry.metrics(),
    revoke: (key) => records.delete(hashKey(key)),
    recorded: async (count) => {
      await until(() => appender.requests.length >= count, `${count} events`);
      return appender.requests;
    },
    close: async () => {
      server.closeAllConnections();
      await gateway.drain();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A provider played by a Node server. */
export interface FakeUpstream {
  readonly origin: string;
  readonly port: number;
  /** Requests seen, newest last. */
  readonly requests: http.IncomingMessage[];
  connections: number;
  close(): Promise<void>;
}

export async function startUpstream(handler: http.RequestListener): Promise<FakeUpstream> {
  const requests: http.IncomingMessage[] = [];
  const server = http.createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 128 * 1024 }, (req, res) => {
    requests.push(req);
    handler(req, res);
  });
  server.maxHeadersCount = 0;
  const port = await listen(server);
  const upstream: FakeUpstream = {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('connection', () => {
    upstream.connections++;
  });
  return upstream;
}

/** A provider that speaks bytes: for what a Node server would not send. */
export async function startRawUpstream(onSocket: (socket: net.Socket) => void): Promise<FakeUpstream> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests: [],
    connections: 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Waits for something that happens soon; fails, with its name, after ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ten seconds for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export interface RawResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Chunks as they were read. */
  readonly reads: Buffer[];
  readonly message: string;
}

/** One request through Node's plain client, with its own connection unless an agent is given. */
export function request(
  url: string,
  options: http.RequestOptions & { body?: Buffer | string } = {},
): Promise<RawResponse> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const req = http.request(url, { agent: false, ...rest }, (res) => {
      const reads: Buffer[] = [];
      res.on('data', (chunk: Buffer) => reads.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({
          status: res.statusCode!,
          headers: res.headers,
          body: Buffer.concat(reads),
          reads,
          message: res.statusMessage!,
        }),
      );
    });
    req.on('error', reject);
    req.end(body);
  });
}
