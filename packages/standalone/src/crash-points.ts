import { EVENT_LOG_CRASH_POINTS } from '@throughline/event-log/crash-points';
import { GATEWAY_CRASH_POINTS } from '@throughline/gateway/crash-points';
import { AGGREGATOR_CRASH_POINTS } from '@throughline/session-aggregator/crash-points';

/** Every step between the first byte to a client and the published snapshot at which the process may die. */
export const CRASH_POINTS: readonly string[] = [
  ...GATEWAY_CRASH_POINTS,
  ...EVENT_LOG_CRASH_POINTS,
  ...AGGREGATOR_CRASH_POINTS,
];
