import type { Metrics } from '@throughline/telemetry/metrics';

export type LoggedBy = 'log' | 'otlp';

export type LogOutcome =
  | 'recorded'
  /** The body or the key was wrong: nothing of it is anywhere. */
  | 'invalid'
  /** The event log took nothing. */
  | 'log-refused'
  /** A span that tells of no step: read for its place among its children only. */
  | 'passed-over';

export interface IngestMetrics {
  /** @param count of calls or spans. */
  logged(by: LoggedBy, outcome: LogOutcome, count?: number): void;
}

/** The log endpoints' part of `/metrics`. */
export function createIngestMetrics(metrics: Metrics, openCalls: () => number): IngestMetrics {
  const logged = metrics.counter('gateway_logged_total', 'Calls and spans sent to the log endpoints, by outcome.', [
    'by',
    'outcome',
  ]);
  metrics.gauge('gateway_open_log_calls', 'Calls of log endpoints under way.', [], (self) => self.set(openCalls()));
  return { logged: (by, outcome, count = 1) => logged.inc({ by, outcome }, count) };
}
