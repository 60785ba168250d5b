import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import type { LogEvent, NewEvent, RequestEvent } from '@throughline/contracts/request-event';
import { EventLogError } from '@throughline/event-log/event-log';
import { createSessionFolder } from '@throughline/session-aggregator/session/fold-session';
import { buildAnnotationRow } from '@throughline/session-aggregator/steps/build-annotation-row';
import { buildRequestRow, stampVersion } from '@throughline/session-aggregator/steps/build-request-row';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { AnnotationPorts } from '../src/annotate/annotation-ports.ts';
import type { QueryDeps } from '../src/query-deps.ts';

/** A log whose events become rows and totals as soon as somebody waits for them. */
export interface ApplyingLog {
  readonly ports: AnnotationPorts;
  readonly totals: QueryDeps['totals'];
  /** Totals by `[tenant, session]` as JSON. */
  readonly states: Map<string, SessionState>;
  /** How many more it takes; without end unless it is set. */
  room: number;
  /** False: nobody is told that anything was applied. */
  isApplying: boolean;
}

export function applyingLog(analytics: AnalyticsStore, offsetFrom: number): ApplyingLog {
  const states = new Map<string, SessionState>();
  let offset = offsetFrom;
  let pending: { event: LogEvent; offset: number }[] = [];
  const log: ApplyingLog = {
    states,
    room: Number.POSITIVE_INFINITY,
    isApplying: true,
    totals: {
      read: async ({ tenantId, sessionId }) => {
        const state = states.get(JSON.stringify([tenantId, sessionId]));
        return state && { state, fence: { logId: 'log', offset: state.applied, epoch: 1 } };
      },
    },
    ports: {
      appender: {
        partitions: 1,
        append: async (event: NewEvent) => {
          if (log.room-- <= 0) throw new EventLogError('full', 'no room');
          const stamp = { producer: { id: 'p', seq: offset }, partition: 0, received_at: 1_790_000_000_000 };
          pending.push({ event: { ...event, ...stamp } as LogEvent, offset });
          return { partition: 0, offset: offset++, stamp };
        },
      },
      applied: {
        until: async () => {
          if (!log.isApplying) return false;
          const batch = pending;
          pending = [];
          const calls = batch.flatMap(({ event, offset: at }) =>
            event.kind === 'request' ? [stampVersion(buildRequestRow(event as RequestEvent, 0, at), 1)] : [],
          );
          await analytics.insert(
            encodeRows(
              'requests',
              calls.map(({ row }) => row),
            ),
          );
          await analytics.insert(
            encodeRows(
              'request_bodies',
              calls.map(({ bodies }) => bodies),
            ),
          );
          for (const { event, offset: at } of batch) {
            if (event.kind !== 'request' && event.kind !== 'annotation') continue;
            const key = JSON.stringify([event.tenant_id, event.session!.id]);
            const folder = createSessionFolder(states.get(key));
            if (event.kind === 'annotation') folder.annotate(buildAnnotationRow(event, 0, at));
            else folder.add(calls.find(({ row }) => row.source_offset === at)!.row);
            states.set(key, folder.result());
          }
          return true;
        },
      },
    },
  };
  return log;
}
