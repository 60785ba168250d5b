import type { NotRecordedReason } from '@throughline/contracts/errors';
import type { Metrics } from '@throughline/telemetry/metrics';
import type { StatePart } from './state-failures.ts';

/** Where the gauges read from at each scrape. */
export interface GatewayGauges {
  readonly openCalls: () => number;
  readonly captureBytes: () => number;
  readonly upstreamPools: () => number;
}

export interface GatewayMetrics {
  /** @param status HTTP status or a negative code of the wire contract. */
  finished(provider: string, status: number): void;
  notRecorded(reason: NotRecordedReason): void;
  /** @param kind from the closed set of `upstream-failure.ts`. */
  upstreamError(provider: string, kind: string): void;
  truncated(direction: 'request' | 'response'): void;
  /** A call that asked whether its answer is in the response cache. */
  cacheRead(outcome: 'hit' | 'miss'): void;
  /** A call with a rate limit policy. */
  rateLimited(outcome: 'allowed' | 'refused' | 'invalid-policy'): void;
  /** A call did not get what it asked for, because that could not be reached: it went through without, or was refused. */
  stateFailed(part: StatePart): void;
  /** A text was to be judged before its call is sent. */
  moderated(outcome: 'passed' | 'flagged' | 'failed'): void;
  /** A prompt was to fit into its model's context window. */
  tokenLimited(outcome: 'unchanged' | 'changed' | 'failed'): void;
  /** @param ms that a call spent here and not at the provider. */
  addedLatency(ms: number): void;
}

/** The gateway's part of `/metrics`. */
export function createGatewayMetrics(metrics: Metrics, gauges: GatewayGauges): GatewayMetrics {
  const requests = metrics.counter('gateway_requests_total', 'Proxied calls by provider and outcome.', [
    'provider',
    'status',
  ]);
  const notRecorded = metrics.counter('gateway_not_recorded_total', 'Calls proxied without being recorded.', [
    'reason',
  ]);
  const upstreamErrors = metrics.counter('gateway_upstream_errors_total', 'Failed connections to providers.', [
    'provider',
    'kind',
  ]);
  const truncated = metrics.counter('gateway_truncated_bodies_total', 'Bodies stored as their beginning only.', [
    'direction',
  ]);
  const cacheReads = metrics.counter('gateway_cache_reads_total', 'Calls that asked for an answer from the cache.', [
    'outcome',
  ]);
  const rateLimited = metrics.counter('gateway_rate_limit_calls_total', 'Calls with a rate limit policy, by outcome.', [
    'outcome',
  ]);
  const stateFailures = metrics.counter(
    'gateway_call_state_failures_total',
    'Calls that did not get what they asked for, because it could not be reached.',
    ['part'],
  );
  const moderated = metrics.counter(
    'gateway_moderated_calls_total',
    'Calls that asked for moderation, by outcome; those that failed passed.',
    ['outcome'],
  );
  const tokenLimited = metrics.counter(
    'gateway_token_limited_calls_total',
    'Calls with a token-limit handler, by outcome; those that failed were sent as they came.',
    ['outcome'],
  );
  const addedLatency = metrics.distribution(
    'gateway_added_latency_seconds',
    'Time that answered calls spent in the gateway: admission, and from the provider’s end to the client’s last byte.',
    ADDED_LATENCY_BUCKETS_S,
  );
  const gauge = (name: string, help: string, read: () => number) =>
    metrics.gauge(name, help, [], (self) => self.set(read()));
  gauge('gateway_open_calls', 'Calls under way.', gauges.openCalls);
  gauge('gateway_capture_bytes', 'Bytes of bodies held for calls under way.', gauges.captureBytes);
  gauge('gateway_upstream_pools', 'Upstream origins with connections.', gauges.upstreamPools);
  return {
    finished: (provider, status) => requests.inc({ provider: labelOf(provider), status: statusClass(status) }),
    notRecorded: (reason) => notRecorded.inc({ reason }),
    upstreamError: (provider, kind) => upstreamErrors.inc({ provider: labelOf(provider), kind }),
    truncated: (direction) => truncated.inc({ direction }),
    cacheRead: (outcome) => cacheReads.inc({ outcome }),
    rateLimited: (outcome) => rateLimited.inc({ outcome }),
    stateFailed: (part) => stateFailures.inc({ part }),
    moderated: (outcome) => moderated.inc({ outcome }),
    tokenLimited: (outcome) => tokenLimited.inc({ outcome }),
    addedLatency: (ms) => addedLatency.observe(ms / 1_000),
  };
}

/** Most calls take a fraction of a millisecond; waiting for the disk takes some, and a second is a fault. */
const ADDED_LATENCY_BUCKETS_S = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
];

/** Stored providers are upper-case names; anything else is a target URL of a caller's choice, which must not be a label. */
function labelOf(provider: string): string {
  return /^[A-Z0-9_]{1,40}$/.test(provider) ? provider : 'other';
}

function statusClass(status: number): string {
  if (status >= 100) return `${Math.floor(status / 100)}xx`;
  return status === -3 ? 'cancelled' : 'cut';
}
