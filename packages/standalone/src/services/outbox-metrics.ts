import type { OutboxAppender, OutboxStats } from '@throughline/event-log/outbox/outbox-appender';
import type { Metrics } from '@throughline/telemetry/metrics';

const GAUGES: readonly (readonly [name: string, help: string, value: (stats: OutboxStats) => number])[] = [
  ['outbox_events', 'Accepted events that are not known to be in Kafka', ({ unsent }) => unsent],
  ['outbox_bytes', 'Bytes that the outbox takes on disk', ({ bytes }) => bytes],
  ['outbox_oldest_seconds', 'Age of the oldest event that waits', ({ oldestAgeMs }) => oldestAgeMs / 1_000],
  ['outbox_parked_events', 'Of them, those that wait until their keys can be looked up', ({ parked }) => parked],
  [
    'outbox_parked_oldest_seconds',
    'Age of the oldest event that waits until its key can be looked up',
    ({ parkedOldestAgeMs }) => parkedOldestAgeMs / 1_000,
  ],
  [
    'outbox_unknown_key_events',
    'Events that waited for their keys, which turned out to be unknown, since the start: not recorded',
    ({ nobodys }) => nobodys,
  ],
  ['outbox_adopted_folders', 'Folders of ended gateways that this one empties', ({ adopted }) => adopted],
  [
    'outbox_stuck_seconds',
    'For how long sending to some partition has failed',
    ({ stuckMs }) => Math.max(0, ...stuckMs) / 1_000,
  ],
  ['outbox_appended_events', 'Events accepted since the start', ({ appended }) => appended],
  [
    'outbox_refused_events',
    'Events refused since the start: no room in the outbox, or too large even with shortened bodies',
    ({ refused }) => refused,
  ],
  ['outbox_sent_events', 'Events stored in Kafka since the start', ({ sent }) => sent],
  [
    'outbox_resent_events',
    'Events sent once more because their fate was unknown, since the start',
    ({ resent }) => resent,
  ],
  [
    'outbox_replaced_events',
    'Events that Kafka does not take, each replaced by a refusal, since the start',
    ({ replaced }) => replaced,
  ],
  ['outbox_lost_events', 'Accepted events that the disk did not give back, since the start', ({ lost }) => lost],
  ['outbox_send_errors', 'Sends to Kafka that failed since the start', ({ sendErrors }) => sendErrors],
];

/** What an operator watches of a gateway's outbox. */
export function registerOutboxMetrics(metrics: Metrics, appender: Pick<OutboxAppender, 'stats'>): void {
  for (const [name, help, value] of GAUGES) metrics.gauge(name, help, [], (gauge) => gauge.set(value(appender.stats)));
}
