import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CallState } from '@throughline/call-state/call-state';
import type { KeyDirectory } from '@throughline/contracts/keys';
import type { SessionRecords } from '@throughline/contracts/recorded-call';
import type { EventAppender } from '@throughline/event-log/event-log';
import type { UpgradeRoute } from '@throughline/http/upgrades';
import type { Resolve } from '@throughline/outbound/checked-lookup';
import { createTargetPolicy } from '@throughline/outbound/target-policy';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import { NO_TRACER, type Tracer } from '@throughline/telemetry/tracer';
import express, { type Router } from 'express';
import { createCallCosts } from './behaviours/rate-limit/call-costs.ts';
import { createTokenLimits } from './behaviours/token-limit/token-limits.ts';
import type { Clock } from './clock.ts';
import type { GatewayCrashPoint } from './crash-points.ts';
import { GATEWAY_DEFAULTS, type GatewayConfig } from './gateway-config.ts';
import { createGatewayMetrics } from './gateway-metrics.ts';
import { createIngest } from './ingest/ingest.ts';
import { createAdmission } from './keys/admission.ts';
import { OpenCallsPerKey } from './limits/open-calls-per-key.ts';
import type { EventMasking } from './mask/open-masking.ts';
import { createBodyOmission } from './omit/body-omission.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import type { ProxiedCall } from './proxy/proxied-call.ts';
import { SlotList } from './proxy/slot-list.ts';
import type { RealtimeDeps } from './realtime/realtime-deps.ts';
import type { RealtimeSession } from './realtime/realtime-session.ts';
import { CaptureBudget } from './record/body-capture.ts';
import { type Park, Recorder } from './record/recorder.ts';
import { realtimeRoute } from './request/realtime-route.ts';
import { type CallRoute, GENERIC_LABEL, routeByHost, routeByPath } from './request/route-of.ts';
import { createProxyRoute, type ProxyRouteDeps } from './routes/proxy-route.ts';
import { answerTest, TEST_PATH } from './routes/test-route.ts';
import { StateFailures } from './state-failures.ts';
import { Upstreams } from './upstream/upstreams.ts';

export interface GatewayDeps {
  readonly appender: EventAppender;
  readonly keys: KeyDirectory;
  /** For keys that may be stale. Left out: a key that is not found is unknown. */
  readonly park?: Park;
  /** Masks what is stored (`open-masking.ts`); closed with the gateway. Left out: nothing is masked. */
  readonly masking?: EventMasking | undefined;
  /** What it remembers from one call to the next; closed by whoever opened it. Left out: nothing. */
  readonly callState?: CallState | undefined;
  /** What `Throughline-Replay` answers from. Left out: such calls are refused. */
  readonly records?: SessionRecords | undefined;
  readonly providers: ProviderDirectory;
  readonly metrics: Metrics;
  /** Left out: no spans. */
  readonly tracer?: Tracer;
  readonly logger: Logger;
  readonly clock: Clock;
  /** What is left out is as in `GATEWAY_DEFAULTS`. */
  readonly config?: Partial<GatewayConfig>;
  /** Called at each step of `GATEWAY_CRASH_POINTS`. */
  readonly crashPoint?: (name: GatewayCrashPoint) => void;
  /** Stands in for `dns.lookup`. */
  readonly resolve?: Resolve;
}

export interface Gateway {
  /** Mount it at the root, before body parsers and before the routes of other services. */
  readonly router: Router;
  /** The realtime API's sockets: give it to `withUpgrades` and `serveUpgrades`. */
  readonly upgrades: UpgradeRoute;
  /** Waits for the calls under way, cuts what is left after `drainTimeoutMs`, closes the connections upstream. */
  drain(): Promise<void>;
}

/**
 * The gateway: proxies `/v1/gateway/<label>/…` and calls by Host label to providers, and hands each finished call to
 * the event log before its client can have the response's last byte. Takes calls that are logged by hand, and spans.
 *
 * @throws TypeError when a setting cannot be used.
 */
export function createGatewayRouter(deps: GatewayDeps): Gateway {
  const { appender, park, masking, callState, records, logger, clock, providers, keys, resolve } = deps;
  const config: GatewayConfig = { ...GATEWAY_DEFAULTS, ...deps.config };
  const policy = createTargetPolicy({
    trustedOrigins: providers.trustedOrigins,
    allowedTargets: config.allowedTargets,
  });
  const upstreams = new Upstreams({ config, policy, ...(resolve && { resolve }) });
  const budget = new CaptureBudget(config.captureTotalBytesMax);
  const openCalls = new SlotList<ProxiedCall>();
  const callsPerKey = new OpenCallsPerKey(config.callsPerKeyMax);
  const sessions = new SlotList<RealtimeSession>();
  let isDraining = false;
  const metrics = createGatewayMetrics(deps.metrics, {
    openCalls: () => openCalls.size + sessions.size,
    captureBytes: () => budget.held,
    upstreamPools: () => upstreams.size,
  });
  const omission = createBodyOmission({ estimatesTokens: config.estimatesTokens, metrics: deps.metrics, logger });
  const tokenLimits = createTokenLimits({ logger });
  const recorder = new Recorder({ appender, park, omission, masking, logger, clock, onTruncated: metrics.truncated });
  const costs = createCallCosts({ estimatesTokens: config.estimatesTokens });
  const canPark = park !== undefined;
  const ingest = createIngest({
    keys,
    loopback: config.loopback,
    canPark,
    clock,
    config,
    recorder,
    metrics: deps.metrics,
    logger,
  });
  const proxyDeps: ProxyRouteDeps = {
    admit: createAdmission({ keys, loopback: config.loopback, canPark }),
    lookFor: (hash) => keys.lookFor?.(hash),
    budget,
    clock,
    config,
    crashPoint: deps.crashPoint ?? (() => {}),
    isDraining: () => isDraining,
    logger,
    metrics,
    openCalls,
    callsPerKey,
    callState,
    masking,
    failures: new StateFailures(metrics, logger),
    costs,
    providers,
    recorder,
    records,
    tokenLimits,
    tracer: deps.tracer ?? NO_TRACER,
    upstreams,
  };
  const proxyRoute = createProxyRoute(proxyDeps);
  const upgradeRoute = (req: IncomingMessage) => {
    const url = req.url ?? '';
    const route = routeByPath(url) ?? hostRoute(req, url, providers);
    return route && realtimeRoute(route);
  };
  const upgrades: UpgradeRoute = {
    takes: (req) => req.method === 'GET' && WEBSOCKET.test(req.headers.upgrade ?? '') && !!upgradeRoute(req),
    take: (req, socket, head) => {
      const route = upgradeRoute(req);
      if (!route) return void socket.destroy();
      const opened = takeRealtime({ ...proxyDeps, sessions }, req, socket, head, route);
      opened.catch((error: unknown) => {
        logger.error({ err: error }, 'the code of realtime calls could not be loaded');
        socket.destroy();
      });
    },
  };

  const watch = setInterval(() => {
    const now = performance.now();
    for (const call of openCalls) call.checkUpload(now);
  }, config.uploadIdleTimeoutMs / UPLOAD_CHECKS).unref();

  const router = express.Router();
  router.use((req, res, next) => {
    let route = routeByPath(req.originalUrl);
    if (!route) {
      if (ingest.take(req, res, req.originalUrl)) return;
      route = hostRoute(req, req.originalUrl, providers);
    }
    if (!route) next();
    else if (route.rest === TEST_PATH && isTest(req.method, route.label, providers)) answerTest(res, req.rawHeaders);
    else proxyRoute(req, res, route);
  });
  router.get('/healthcheck', (_req, res) => {
    res.json({ status: 'healthy :)' });
  });

  return {
    router,
    upgrades,
    drain: async () => {
      isDraining = true;
      for (const session of sessions) session.drain();
      const open = {
        get size() {
          return openCalls.size + sessions.size;
        },
      };
      await settled(open, config.drainTimeoutMs);
      clearInterval(watch);
      for (const call of openCalls) call.abort();
      for (const session of sessions) session.abort();
      await settled(open, ABORT_MS);
      for (const session of sessions) session.terminate();
      await settled(ingest.open, ABORT_MS);
      await Promise.all([omission.close(), tokenLimits.close(), costs.close()]);
      await masking?.close();
      await upstreams.close();
    },
  };
}

const WEBSOCKET = /^websocket$/i;

/** Most gateways never see such a call: its code is loaded with the first. */
async function takeRealtime(
  deps: RealtimeDeps,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  route: CallRoute,
): Promise<void> {
  // Nobody listens to it yet.
  const ignore = () => {};
  socket.on('error', ignore);
  const { openRealtime } = await import('./realtime/realtime-endpoint.ts');
  await openRealtime(deps, req, socket, head, route);
  socket.off('error', ignore);
}

/** Calls by Host label. A host of ours may begin with a provider's label by chance: our own paths win. */
function hostRoute(req: IncomingMessage, url: string, providers: ProviderDirectory): CallRoute | undefined {
  if (OWN_PATH.test(url)) return undefined;
  const route = routeByHost(req.headers.host, url);
  if (!route) return undefined;
  // `gateway.example.com` is a likely name for this very installation: only calls that name a target are meant for it.
  if (route.label === GENERIC_LABEL) return namesTarget(req) ? route : undefined;
  if (route.label === 'ai-gateway') return route;
  const provider = providers.forLabel(route.label);
  // So are `helicone.example.com` and `local.example.com`.
  if (provider?.isNameOnly && provider.origin === undefined && !namesTarget(req)) return undefined;
  return provider && route;
}

function namesTarget({ headers }: IncomingMessage): boolean {
  return headers['helicone-target-url'] !== undefined || headers['helicone-fallbacks'] !== undefined;
}

function isTest(method: string | undefined, label: string, providers: ProviderDirectory): boolean {
  return method === 'GET' && providers.forLabel(label)?.provider === 'OPENAI';
}

/**
 * Paths of the JSON API, the log endpoints and the dashboard; no provider has them (below `/v1/organization` OpenAI has its
 * usage and costs). `infra/nginx` has it as well.
 */
export const OWN_PATH =
  /^\/(?:$|\?|healthz|readyz|metrics|healthcheck|docs|openapi\.json|download\/|assets\/|v1\/(?:session|request|trace|property|user|metrics|dashboard|api-keys|key|login|live|replay|views|system|feedback|public|log)(?:$|[/?])|v1\/(?:traces|organization)(?:$|\?)|(?:custom|oai|anthropic|googleapis)\/v1\/log)/;

/** How often uploads are looked at within the time that they may stand still: it is kept to a quarter more. */
const UPLOAD_CHECKS = 4;

/** How long aborted calls get to be written to the log. */
const ABORT_MS = 2_000;

async function settled(calls: { readonly size: number }, timeoutMs: number): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (calls.size > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
}
