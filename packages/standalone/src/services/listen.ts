import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from '@throughline/contracts/errors';
import type { KeyDirectory } from '@throughline/contracts/keys';
import { createApp } from '@throughline/http/app';
import { cors } from '@throughline/http/cors';
import { apiErrorHandler, unknownRoute } from '@throughline/http/error-handler';
import { loopbackHostCheck } from '@throughline/http/loopback-host';
import { applyServerLimits, SERVER_OPTIONS } from '@throughline/http/server-limits';
import { type ReadinessCheck, serviceRoutes } from '@throughline/http/service-routes';
import { serveUpgrades, type UpgradeRoute, withUpgrades } from '@throughline/http/upgrades';
import { keyGuard } from '@throughline/query/auth/key-guard';
import type { RequestHandler } from 'express';
import { listenSentence } from '../listen-sentence.ts';
import { isLoopback } from '../loopback.ts';
import { StartError } from '../start-error.ts';
import { VERSION } from '../version.ts';
import type { ServiceContext } from './run-service.ts';

export interface ServiceServer {
  readonly server: Server;
  /** Takes the calls that no route of the server itself answers. Until it is set they are answered 503. */
  use(router: RequestHandler): void;
  /** Who may see `/metrics` where CLOSE_PUBLIC_ROUTES is on. Until they are there, nobody. */
  takeKeys(keys: KeyDirectory): void;
  /** Looked at by `/readyz`, beside those given. */
  addCheck(check: ReadinessCheck): void;
  /** Takes no further calls, and waits for those under way, `DRAIN_MS_MAX` at most. */
  drain(): Promise<void>;
  /** What the service still waits for: `/readyz` says so. */
  waitFor(what: string | undefined): void;
}

/** Longer than the longest query may take. */
const DRAIN_MS_MAX = 15_000;

/**
 * The HTTP side of a service: `/healthz`, `/readyz` and `/metrics` from the first moment on, its own routes when they are
 * there. Closed with the service, after everything opened later.
 *
 * @param upgrades its own calls that become sockets. Left out: it has none.
 */
export async function listen(context: ServiceContext, upgrades?: UpgradeRoute): Promise<ServiceServer> {
  const { config, logger, metrics, opened } = context;
  const { app, createServer } = createApp();
  let waitingFor: string | undefined = 'its start';
  let router: RequestHandler = (req, _res, next) => {
    if (waitingFor === undefined || SERVICE_PATH.test(req.path)) next();
    else next(new ApiError('store-unavailable'));
  };
  const checks: ReadinessCheck[] = [
    { name: 'start', check: async () => (waitingFor === undefined ? undefined : `waits for ${waitingFor}`) },
  ];
  if (isLoopback(config.HOST)) app.use(loopbackHostCheck());
  if (config.CORS_ORIGINS.length > 0) app.use(cors(config.CORS_ORIGINS));
  app.use((req, res, next) => router(req, res, next));
  let keys: KeyDirectory | undefined;
  const closed = config.CLOSE_PUBLIC_ROUTES && { guard: keyGuard(() => keys) };
  app.use(serviceRoutes({ version: VERSION, registry: metrics.registry, checks, ...closed }));
  app.use(unknownRoute);
  app.use(apiErrorHandler({ logger }));

  const isLocal = isLoopback(config.HOST);
  const server = createServer(
    upgrades ? withUpgrades(SERVER_OPTIONS, upgrades, { isLoopback: isLocal }) : SERVER_OPTIONS,
  );
  if (upgrades) serveUpgrades(server, upgrades);
  applyServerLimits(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(listenSentence(error, config.HOST, config.PORT))),
    );
    server.listen(config.PORT, config.HOST, resolve);
  });
  let draining: Promise<void> | undefined;
  const drain = () => {
    draining ??= closeServer(server);
    return draining;
  };
  opened.defer(drain);
  const { port } = server.address() as AddressInfo;
  const host = config.HOST.includes(':') && !config.HOST.startsWith('[') ? `[${config.HOST}]` : config.HOST;
  const url = `http://${config.HOST === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  logger.info({ url }, `listening on ${url}`);
  return {
    server,
    use: (given) => {
      router = given;
    },
    takeKeys: (given) => {
      keys = given;
    },
    drain,
    addCheck: (check) => void checks.push(check),
    waitFor: (what) => {
      waitingFor = what;
    },
  };
}

const SERVICE_PATH = /^\/(?:healthz|readyz|metrics)$/;

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS_MAX);
  await closed;
  clearTimeout(late);
}
