import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import { ApiError } from '@throughline/contracts/errors';
import { hashKey, type KeyRecord, type Permission } from '@throughline/contracts/keys';
import { createApp } from '@throughline/http/app';
import { apiErrorHandler, unknownRoute } from '@throughline/http/error-handler';
import type { SessionState } from '@throughline/session-totals/session-state';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import type { Tracer } from '@throughline/telemetry/tracer';
import type { AnnotationPorts } from '../src/annotate/annotation-ports.ts';
import type { QueryConfig, QueryDeps } from '../src/query-deps.ts';
import { createQueryRouter } from '../src/query-router.ts';
import { FULL_LOG } from './annotation-log.ts';
import { checkAnswer } from './check-answer.ts';
import type { Fixtures } from './fixtures.ts';

/** The query API on a port of its own, over a store and live totals that the test fills. */
export interface QueryServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Live sessions: what `GET /v1/session/{id}` reads first. */
  readonly live: Map<string, SessionState>;
  call(request: ApiCall): Promise<ApiAnswer>;
  close(): Promise<void>;
}

export interface ApiCall {
  readonly method?: string;
  readonly path: string;
  /** JSON, or text that is sent as it is. */
  readonly body?: unknown;
  /** `<tenant>:<permission>`; undefined for a call without a key. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Hangs up. */
  readonly signal?: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, field by field
  readonly json: any;
}

/** The clock of the server: after everything in the fixtures. */
export const NOW = Date.UTC(2026, 9, 1);

export async function startQueryServer(
  analytics: AnalyticsStore,
  options: {
    config?: Partial<QueryConfig>;
    totals?: QueryDeps['totals'];
    annotations?: AnnotationPorts;
    live?: QueryDeps['live'];
    system?: QueryDeps['system'];
    logins?: QueryDeps['logins'];
    tracer?: Tracer;
    masking?: QueryDeps['masking'];
    spoolFolder?: string;
    /** In place of those of the test tenants. */
    keys?: QueryDeps['keys'];
    /** In place of name servers. Left out: every name has a public address. */
    resolve?: QueryDeps['resolve'];
    replayGateway?: QueryDeps['replayGateway'];
  } = {},
): Promise<QueryServer> {
  const live = new Map<string, SessionState>();
  const { app, createServer } = createApp();
  const logger = createLogger('query-test', { level: 'silent', pretty: false });
  app.use(
    createQueryRouter({
      analytics,
      ...(options.tracer && { tracer: options.tracer }),
      totals: options.totals ?? {
        read: async ({ tenantId, sessionId }) => {
          const state = live.get(JSON.stringify([tenantId, sessionId]));
          return state && { state, fence: { logId: 'log', offset: state.applied, epoch: 1 } };
        },
      },
      annotations: options.annotations ?? FULL_LOG,
      live: options.live ?? QUIET,
      system: options.system ?? QUIET_SYSTEM,
      logins: options.logins ?? NO_LINKS,
      replayGateway: options.replayGateway ?? NO_GATEWAY,
      ...(options.masking && { masking: options.masking }),
      ...(options.spoolFolder && { spoolFolder: options.spoolFolder }),
      keys: options.keys ?? { find: (hash) => KEYS.get(hash) },
      freshness: { totalsAsOf: () => NOW - 1, snapshotsAsOf: () => NOW - 250 },
      logger,
      metrics: createMetrics(),
      clock: { now: () => NOW },
      resolve:
        options.resolve ?? ((_name, _options, answer) => answer(null, [{ address: '93.184.215.14', family: 4 }])),
      // Where nothing is ever applied, whoever waits for it need not wait long.
      config: { ...(!options.annotations && { annotationWaitMs: 50 }), ...options.config },
    }),
  );
  app.use(unknownRoute);
  app.use(apiErrorHandler({ logger }));
  const server: http.Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: base,
    live,
    async call({ method, path, body, key, headers, signal }) {
      const answer = await fetch(`${base}${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { authorization: `Bearer ${plainKey(key)}` }),
          ...headers,
        },
        signal,
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      });
      const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
      const text = isStream ? await firstEvents(answer) : await answer.text();
      const isJson = /^application\/json(;|$)/.test(answer.headers.get('content-type') ?? '');
      const json = isJson ? JSON.parse(text) : text;
      checkAnswer(method ?? (body === undefined ? 'GET' : 'POST'), path, answer.status, json);
      return { status: answer.status, text, headers: answer.headers, json };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A stream has no end: what comes first, up to the first event. */
async function firstEvents(answer: Response): Promise<string> {
  let text = '';
  for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (/^event: .*\n\n/ms.test(text)) break;
  }
  return text;
}

const NO_LINKS: QueryDeps['logins'] = {
  take: () => {
    throw new ApiError('invalid-login');
  },
};

/** Nobody answers there. */
const NO_GATEWAY: QueryDeps['replayGateway'] = { call: () => Promise.reject(new Error('there is no gateway')) };

/** Nothing ever changes. */
const QUIET: QueryDeps['live'] = {
  partitions: 1,
  totals: { loadPartition: async () => undefined, read: async () => undefined },
  progress: () => ({ totals: -1, snapshots: -1 }),
  stopping: new AbortController().signal,
};

/** Nothing was ever logged. */
const QUIET_SYSTEM: QueryDeps['system'] = {
  mode: 'embedded',
  startedAtMs: NOW - 1_000,
  checks: async () => [{ name: 'event log', ok: true }],
  logEnds: async () => new Map([[0, 0]]),
  totalsAsOf: () => NOW,
  logBytes: () => 0,
  outbox: () => undefined,
  totalsSize: async () => ({ sessions: 0, bytes: 0 }),
  audit: async () => ({ at: new Date(NOW).toISOString(), clean: true, settled: true, partitions: [] }),
  deadLetters: async () => [],
  deadLetter: async () => undefined,
  replay: async () => ({ outcome: 'unknown' }),
};

/** The last one is for tests that need a tenant without anything. */
export const TENANTS = ['acme', 'rival', 'empty'] as const;
export const PERMISSIONS: readonly Permission[] = ['r', 'w', 'rw', 'm', 'operator'];

/** The key that `<tenant>:<permission>` stands for. */
export function plainKey(name: string): string {
  return `sk-helicone-test-${name}`;
}

const KEYS = new Map<string, KeyRecord>(
  TENANTS.flatMap((tenantId) =>
    PERMISSIONS.map((permission): [string, KeyRecord] => {
      const hash = hashKey(plainKey(`${tenantId}:${permission}`));
      return [hash, { hash, id: `${tenantId}-${permission}`, tenantId, permissions: [permission] }];
    }),
  ),
);

/** Put fixtures where the aggregator would have. */
export async function store(analytics: AnalyticsStore, fixtures: Fixtures): Promise<void> {
  await analytics.insert(encodeRows('requests', [...fixtures.requests]));
  if (fixtures.bodies.length > 0) await analytics.insert(encodeRows('request_bodies', [...fixtures.bodies]));
  const keys = fixtures.sessions.map(({ tenant_id, session_id, created_at, version }) => ({
    tenant_id,
    session_id,
    created_at,
    version,
  }));
  await analytics.insert(encodeRows('session_keys', keys));
  await analytics.insert(encodeRows('sessions', [...fixtures.sessions]));
}
