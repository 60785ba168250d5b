import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { ApiError } from '@throughline/contracts/errors';
import type { NewEvent } from '@throughline/contracts/request-event';
import { type Appended, EventLogError } from '@throughline/event-log/event-log';
import type { SystemPorts } from '@throughline/query/system/system-ports';

/** Where new tries go. */
export interface ReplayLog {
  append(event: NewEvent): Promise<Pick<Appended, 'partition'>>;
  /** Larger ones are refused with a sentence, bytes. */
  readonly bytesMax: number;
}

/** Dead letters as the query API asks for them. What reads them is loaded when it is first asked. */
export function systemDeadLetters(
  analytics: Pick<AnalyticsStore, 'query'>,
  log: ReplayLog,
): Pick<SystemPorts, 'deadLetters' | 'deadLetter' | 'replay'> {
  const load = () => import('@throughline/session-aggregator/dead-letters/dead-letters');
  return {
    deadLetters: async () => (await load()).listDeadLetters(analytics),
    async deadLetter(place) {
      const [{ findDeadLetter }, { readableEvent }] = await Promise.all([load(), import('./dead-letter-answers.ts')]);
      const letter = await findDeadLetter(analytics, place);
      return letter && { ...letter, event: readableEvent(letter.bytes) };
    },
    async replay(place) {
      const { findDeadLetter, ReplayRefused, replayEvent } = await load();
      const letter = await findDeadLetter(analytics, place);
      if (!letter) return { outcome: 'unknown' };
      if (letter.sizeBytes > log.bytesMax) {
        const reason = `It is larger than ${log.bytesMax} bytes: \`throughline dead-letters replay\` takes it`;
        return { outcome: 'refused', reason };
      }
      try {
        const { partition } = await log.append(await replayEvent(analytics, letter, Date.now()));
        return { outcome: 'appended', partition };
      } catch (error) {
        if (error instanceof ReplayRefused) return { outcome: 'refused', reason: error.message };
        if (error instanceof EventLogError) throw new ApiError('annotation-refused', {}, { cause: error });
        throw error;
      }
    },
  };
}
