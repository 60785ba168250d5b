import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { POINT } from '@throughline/analytics/read-settings';
import { isDeletion } from '@throughline/contracts/annotation';
import type { DeletionProgress } from '@throughline/contracts/annotation-row';
import type { Appended } from '@throughline/event-log/event-log';
import type { AppliedWait } from '@throughline/query/annotate/annotation-ports';
import type { SessionKey, SessionTotals } from '@throughline/session-totals/session-totals';

/** One read of the partition's state, or of one row, per look. Half as long is added to an answer on average. */
const LOOK_EVERY_MS = 50;

export interface StoresToWaitFor {
  readonly totals: Pick<SessionTotals, 'loadPartition' | 'read'>;
  readonly analytics: Pick<AnalyticsStore, 'query'>;
  /** A store did not answer. */
  readonly onError: (error: unknown) => void;
}

/**
 * Over servers, whoever appended an event does not know its offset in Kafka; it knows the number that it gave it. An event
 * is applied, its rows included, once the partition's owner has committed that number; of its session the snapshot is
 * published a moment later. A deletion is carried out behind its commit, and says so in its own row.
 */
export function waitForStores({ totals, analytics, onError }: StoresToWaitFor): AppliedWait {
  const isCommitted = async ({ partition, stamp }: Appended): Promise<boolean> => {
    const producer = (await totals.loadPartition(partition))?.producers.get(stamp.producer.id);
    if (producer === undefined || producer.lastSeq < stamp.producer.seq) return false;
    return producer.holes.every(([from, through]) => stamp.producer.seq < from || stamp.producer.seq > through);
  };

  const isCarriedOut = async ({ partition, stamp }: Appended, tenantId: string): Promise<boolean> => {
    const [row] = await analytics.query<{ progress: DeletionProgress }>({
      sql: `
SELECT name AS progress FROM annotations FINAL
WHERE tenant_id = {tenant:String} AND received_at = fromUnixTimestamp64Milli({at:Int64}, 'UTC')
  AND source_partition = {partition:UInt16} AND producer_id = {producer:String} AND producer_seq = {seq:UInt64}`,
      params: {
        tenant: tenantId,
        at: stamp.received_at,
        partition,
        producer: stamp.producer.id,
        seq: stamp.producer.seq,
      },
      settings: POINT,
    });
    return row !== undefined && row.progress !== '';
  };

  /** @param applied of the live totals once the event was in them. */
  const isPublished = async ({ tenantId, sessionId }: SessionKey, applied: number): Promise<boolean> => {
    const [snapshot] = await analytics.query<{ newest: string }>({
      sql: `
SELECT max(applied) AS newest FROM sessions
WHERE tenant_id = {tenant:String} AND session_id = {session:String} AND is_deleted = 0
  AND created_at IN (
    SELECT created_at FROM session_keys WHERE tenant_id = {tenant:String} AND session_id = {session:String}
  )`,
      params: { tenant: tenantId, session: sessionId },
      settings: POINT,
    });
    return Number(snapshot?.newest ?? -1) >= applied;
  };

  return {
    async until(appended, { tenantId, session, change }, signal) {
      const repeat = async (look: () => Promise<boolean>): Promise<boolean> => {
        const safely = () =>
          look().catch((error: unknown) => {
            onError(error);
            return false;
          });
        while (!signal.aborted) {
          if (await safely()) return true;
          await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
        }
        return false;
      };
      if (!(await repeat(() => isCommitted(appended)))) return false;
      if (isDeletion(change)) return await repeat(() => isCarriedOut(appended, tenantId));
      if (session === null) return true;
      const key = { tenantId, sessionId: session.id };
      // Of the first look: a session that is called all the time is never published up to its last call.
      let wanted: number | undefined;
      return await repeat(async () => {
        if (wanted === undefined) {
          const live = await totals.read(key);
          // Not there: the totals of its partition are being rebuilt.
          if (live === undefined) return false;
          // Evicted: its snapshot holds everything.
          if ('evicted' in live) return true;
          wanted = live.state.applied;
        }
        return await isPublished(key, wanted);
      });
    },
  };
}
