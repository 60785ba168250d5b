import { EVENT_LOG_CRASH_POINTS, type EventLogCrashPoint } from '@throughline/event-log/crash-points';
import {
  OUTBOX_CRASH_POINTS,
  type OutboxCrashPoint,
  PARKING_CRASH_POINTS,
} from '@throughline/event-log/outbox/crash-points';
import { GATEWAY_CRASH_POINTS, type GatewayCrashPoint } from '@throughline/gateway/crash-points';
import {
  AGGREGATOR_CRASH_POINTS,
  AGGREGATOR_DELETION_CRASH_POINTS,
  AGGREGATOR_UPKEEP_CRASH_POINTS,
  type AggregatorCrashPoint,
} from '@throughline/session-aggregator/crash-points';

export type CrashPoint = GatewayCrashPoint | EventLogCrashPoint | AggregatorCrashPoint | OutboxCrashPoint;

/**
 * Every step between the first byte to a client and the published snapshot, and of what is done about a crash, at which
 * the process may die. `test/e2e/crash-points.e2e.test.ts` kills it at each of them.
 */
export const CRASH_POINTS: readonly CrashPoint[] = [
  ...GATEWAY_CRASH_POINTS,
  ...EVENT_LOG_CRASH_POINTS,
  ...AGGREGATOR_CRASH_POINTS,
  ...AGGREGATOR_UPKEEP_CRASH_POINTS,
];

/** Those that only a gateway with an outbox passes. `test/faults/kill.faults.test.ts` kills it at each of them. */
export const SERVER_CRASH_POINTS: readonly CrashPoint[] = OUTBOX_CRASH_POINTS;

/** Those that it passes only when keys cannot be looked up. `test/e2e/parked-events.e2e.test.ts` kills it at each of them. */
export const PARKING_SERVER_CRASH_POINTS: readonly CrashPoint[] = PARKING_CRASH_POINTS;

/** Those of a deletion. `deletion.integration.test.ts` of the session-aggregator kills its owner at each of them. */
export const DELETION_CRASH_POINTS: readonly CrashPoint[] = AGGREGATOR_DELETION_CRASH_POINTS;

/** All there are. */
export const ALL_CRASH_POINTS: readonly CrashPoint[] = [
  ...CRASH_POINTS,
  ...SERVER_CRASH_POINTS,
  ...PARKING_SERVER_CRASH_POINTS,
  ...DELETION_CRASH_POINTS,
];
