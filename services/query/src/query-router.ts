import { AnalyticsError, type AnalyticsStore } from '@throughline/analytics/analytics-store';
import { ApiError } from '@throughline/contracts/errors';
import { SessionTotalsError } from '@throughline/session-totals/session-totals';
import { NO_TRACER } from '@throughline/telemetry/tracer';
import express, { type RequestHandler, type Router } from 'express';
import { requireAccess } from './auth/access.ts';
import { authenticate } from './auth/authenticate.ts';
import { createDashboardRouter } from './dashboard/dashboard-router.ts';
import { createDocsRouter } from './docs/docs-router.ts';
import { type QueryDeps, queryConfig } from './query-deps.ts';
import { stringifyAnswer } from './render/raw-json.ts';
import { isPublic, type Route, type SignedRoute } from './route.ts';
import { annotationRoutes } from './routes/annotation-routes.ts';
import { bodyRoutes } from './routes/body-routes.ts';
import { deadLetterRoutes } from './routes/dead-letter-routes.ts';
import { deletionRoutes } from './routes/deletion-routes.ts';
import { keyRoutes } from './routes/key-routes.ts';
import { ledgerRoutes } from './routes/ledger-routes.ts';
import { liveRoutes } from './routes/live-routes.ts';
import { loginRoutes } from './routes/login-routes.ts';
import { metricsRoutes } from './routes/metrics-routes.ts';
import { patternRoutes } from './routes/pattern-routes.ts';
import { propertyRoutes } from './routes/property-routes.ts';
import { replayRoutes } from './routes/replay-routes.ts';
import { requestRoutes } from './routes/request-routes.ts';
import { sessionBundleRoutes } from './routes/session-bundle-routes.ts';
import { sessionDiffRoutes } from './routes/session-diff-routes.ts';
import { sessionExportRoutes } from './routes/session-export-routes.ts';
import { sessionFacetsRoutes } from './routes/session-facets-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { sessionStepsRoutes } from './routes/session-steps-routes.ts';
import { sessionSummaryRoutes } from './routes/session-summary-routes.ts';
import { systemRoutes } from './routes/system-routes.ts';
import { usedKeyRoutes } from './routes/used-key-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import { viewRoutes } from './routes/view-routes.ts';
import { webhookRoutes } from './routes/webhook-routes.ts';
import { createTenantTurns, type TenantTurns } from './tenant-turns.ts';
import { CallTrace } from './trace/call-trace.ts';

/** Of a body that anybody may send, bytes. */
const PUBLIC_BODY_BYTES_MAX = 4 * 1024;

/** Every endpoint of the query API. Mount it behind the gateway, before `unknownRoute` and the error handler. */
export function createQueryRouter(deps: QueryDeps): Router {
  const config = queryConfig(deps);
  const { tracer = NO_TRACER } = deps;
  const router = express.Router();
  // Whatever the content type says: the API takes nothing but JSON, and clients forget the header.
  const parseJson = express.json({ limit: config.bodyBytesMax, strict: false, type: () => true });
  // Of callers who are not known yet.
  const parseSmallJson = express.json({ limit: PUBLIC_BODY_BYTES_MAX, strict: false, type: () => true });
  const durations = deps.metrics.histogram(
    'query_seconds',
    'Time to answer a call of the query API, by endpoint',
    [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ['route'],
  );
  const turns = createTenantTurns({
    runningMax: config.tenantQueriesMax,
    waitingMax: config.tenantWaitingMax,
    waitMsMax: config.tenantWaitMsMax,
  });
  const routes = queryRoutes(deps);
  const { keys, version = '0' } = deps;
  router.use(createDocsRouter({ routes, version, keys, isClosed: config.closePublicRoutes }));
  if (deps.dashboard) router.use(createDashboardRouter({ folder: deps.dashboard }));
  for (const route of routes) {
    // The key first: nobody without one makes us read ten megabytes.
    const authorise: RequestHandler = async (req, res, next) => {
      if (!isPublic(route)) {
        const key = await authenticate(req.headers, deps.keys);
        requireAccess(key, route.access, config);
        res.locals.key = key;
      }
      next();
    };
    const handle: RequestHandler = async (req, res) => {
      const trace = tracer.isOn ? new CallTrace(tracer, route, req, res) : undefined;
      let stop: (() => void) | undefined = durations.startTimer({
        route: `${route.method.toUpperCase()} ${route.path}`,
      });
      // Nobody waits for what a caller who has gone asked: the engine may end it.
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      try {
        const asOf = deps.freshness;
        // Read before the query: the answer reflects at least this much.
        const stamps = { totals: asOf.totalsAsOf(), snapshots: asOf.snapshotsAsOf() };
        const store = abandonedWith(gone.signal, takingTurns(deps.analytics, turns, res.locals.key?.tenantId));
        const analytics = trace ? trace.around(store) : store;
        const call = { key: res.locals.key, req, body: req.body, analytics };
        const answer = await route.handle(call).catch(rethrowAsApiError);
        res.setHeader('Throughline-As-Of', new Date(stamps[answer.from]).toISOString());
        for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
        if ('stream' in answer) {
          // How long somebody listens says nothing of how long the answer took.
          stop();
          stop = undefined;
          await answer.stream(res, gone.signal);
          return;
        }
        res.status(answer.status ?? 200).type('json');
        const { data, extra, isBare } = answer;
        res.send(stringifyAnswer(isBare ? data : { data, error: null, ...extra }));
      } finally {
        stop?.();
      }
    };
    const isParsed = route.method !== 'get' && !('isStreamed' in route);
    const parse = !isParsed ? [] : [isPublic(route) ? parseSmallJson : parseJson];
    router[route.method](route.path, authorise, ...parse, handle);
  }
  return router;
}

/** The endpoints with what each asks of a key: also what the permission tests are generated from. */
export function queryRoutes(deps: QueryDeps): (Route | SignedRoute)[] {
  return [
    // Before those with an id in the place of a word.
    ...sessionSummaryRoutes(deps),
    ...sessionFacetsRoutes(deps),
    ...sessionExportRoutes(deps),
    ...sessionBundleRoutes(deps),
    ...sessionStepsRoutes(deps),
    ...sessionDiffRoutes(deps),
    ...patternRoutes(deps),
    ...sessionRoutes(deps),
    ...requestRoutes(deps),
    ...bodyRoutes(deps),
    ...propertyRoutes(deps),
    ...metricsRoutes(deps),
    ...userRoutes(deps),
    ...annotationRoutes(deps),
    ...deletionRoutes(deps),
    ...viewRoutes(deps),
    ...keyRoutes(deps),
    ...webhookRoutes(deps),
    ...usedKeyRoutes(),
    ...loginRoutes(deps),
    ...replayRoutes(deps),
    ...liveRoutes(deps),
    ...systemRoutes(deps),
    ...ledgerRoutes(deps),
    ...deadLetterRoutes(deps),
  ];
}

function abandonedWith(signal: AbortSignal, analytics: Pick<AnalyticsStore, 'query'>): Pick<AnalyticsStore, 'query'> {
  return { query: (query) => analytics.query({ ...query, signal }) };
}

/** @param tenantId undefined: a link to the bodies of one request, which is read by its key. */
function takingTurns(
  analytics: AnalyticsStore,
  turns: TenantTurns,
  tenantId: string | undefined,
): Pick<AnalyticsStore, 'query'> {
  if (tenantId === undefined) return analytics;
  return { query: (query) => turns.run(tenantId, () => analytics.query(query), query.signal) };
}

/** A failed query is never an empty answer: the caller learns what it was. */
function rethrowAsApiError(error: unknown): never {
  const cause = error;
  if (error instanceof SessionTotalsError && error.retryable) throw new ApiError('store-unavailable', {}, { cause });
  if (!(error instanceof AnalyticsError)) throw error;
  if (error.code === 'timeout') throw new ApiError('query-timeout', {}, { cause });
  if (error.code === 'too-large') throw new ApiError('query-too-large', {}, { cause });
  if (error.code === 'unavailable' || error.code === 'closed' || error.code === 'cancelled')
    throw new ApiError('store-unavailable', {}, { cause });
  throw error;
}
