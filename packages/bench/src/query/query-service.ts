import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnalyticsQuery, AnalyticsStore } from '@throughline/analytics/analytics-store';
import { MEASURING } from '@throughline/analytics/read-settings';
import { generateKey, hashKey, type KeyRecord } from '@throughline/contracts/keys';
import { createApp } from '@throughline/http/app';
import { apiErrorHandler, unknownRoute } from '@throughline/http/error-handler';
import type { AnnotationPorts } from '@throughline/query/annotate/annotation-ports';
import type { QueryConfig, QueryDeps } from '@throughline/query/query-deps';
import { createQueryRouter } from '@throughline/query/query-router';
import type { SessionState } from '@throughline/session-totals/session-state';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { Pool } from 'undici';
import type { Answer, ApiCall } from './questions.ts';
import { DOMINANT, NEIGHBOUR } from './request-rows-sql.ts';
import { ENDS_AT } from './size.ts';

/** The query service on a port of its own. */
export interface QueryService extends AsyncDisposable {
  readonly origin: string;
  /** Of the tenant that most of the data belongs to. */
  readonly authorization: string;
  authorizationOf(tenantId: typeof DOMINANT | typeof NEIGHBOUR): string;
  /** Sessions whose totals are live. */
  readonly live: Map<string, SessionState>;
  /** @returns the answer, unparsed. @throws when it is an error. */
  call(call: ApiCall): Promise<string>;
  /** The answer, and what the engine was asked for it. */
  watch(call: ApiCall): Promise<{ answer: Answer; queries: AnalyticsQuery[] }>;
}

const NOTHING_SAID: AnnotationPorts = {
  appender: { partitions: 1, append: async () => Promise.reject(new Error('the benchmark only reads')) },
  applied: { until: async () => false },
};

const NOTHING_CHANGES: QueryDeps['live'] = {
  partitions: 1,
  totals: { loadPartition: async () => undefined, read: async () => undefined },
  progress: () => ({ totals: -1, snapshots: -1 }),
  stopping: new AbortController().signal,
};

const notAsked = async () => Promise.reject(new Error('the benchmark asks for no system'));
const NOTHING_ASKED: QueryDeps['system'] = {
  mode: 'embedded',
  startedAtMs: ENDS_AT,
  checks: notAsked,
  logEnds: notAsked,
  totalsAsOf: () => ENDS_AT,
  logBytes: () => undefined,
  outbox: () => undefined,
  totalsSize: notAsked,
  audit: notAsked,
  deadLetters: notAsked,
  deadLetter: notAsked,
  replay: notAsked,
};

/**
 * Serves the product's API over a store. Repeated filters are not answered from the engine's memory of the last ones.
 *
 * @param options.dashboard folder of the built one, to be served as well. `totals`: left out, `live` holds them.
 */
export async function startQueryService(
  analytics: AnalyticsStore,
  config: Partial<QueryConfig> = {},
  options: Pick<QueryDeps, 'dashboard'> & Partial<Pick<QueryDeps, 'totals'>> = {},
): Promise<QueryService> {
  const live = new Map<string, SessionState>();
  let watched: AnalyticsQuery[] | undefined;
  const measured: AnalyticsStore = {
    ...analytics,
    query<Row>(query: AnalyticsQuery) {
      const asked = { ...query, settings: { ...query.settings, ...MEASURING } };
      watched?.push(asked);
      return analytics.query<Row>(asked);
    },
  };
  const { app, createServer } = createApp();
  const logger = createLogger('bench', { level: 'warn', pretty: false });
  const authorizations = new Map<string, string>();
  const records = new Map<string, KeyRecord>();
  for (const tenantId of [DOMINANT, NEIGHBOUR]) {
    const key = generateKey();
    authorizations.set(tenantId, `Bearer ${key}`);
    records.set(hashKey(key), { hash: hashKey(key), id: tenantId, tenantId, permissions: ['rw'] });
  }
  app.use(
    createQueryRouter({
      analytics: measured,
      totals: options.totals ?? {
        read: async ({ sessionId }) => {
          const state = live.get(sessionId);
          return state && { state, fence: { logId: 'bench', offset: state.applied, epoch: 1 } };
        },
      },
      annotations: NOTHING_SAID,
      live: NOTHING_CHANGES,
      system: NOTHING_ASKED,
      keys: { find: (hash) => records.get(hash) },
      freshness: { totalsAsOf: () => ENDS_AT, snapshotsAsOf: () => ENDS_AT },
      logger,
      metrics: createMetrics(),
      clock: { now: () => ENDS_AT },
      config,
      dashboard: options.dashboard,
    }),
  );
  app.use(unknownRoute);
  app.use(apiErrorHandler({ logger }));
  const server: http.Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new Pool(origin, { connections: 1 });
  const authorization = authorizations.get(DOMINANT)!;

  async function call({ path, body }: ApiCall): Promise<string> {
    const answer = await client.request({
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return text;
  }

  return {
    origin,
    authorization,
    authorizationOf: (tenantId) => authorizations.get(tenantId)!,
    live,
    call,
    async watch(asked) {
      const queries: AnalyticsQuery[] = [];
      watched = queries;
      try {
        return { answer: JSON.parse(await call(asked)), queries };
      } finally {
        watched = undefined;
      }
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
