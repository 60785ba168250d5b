import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { SessionKey, SessionStub, SessionTotals } from '@throughline/session-totals/session-totals';
import { hydrateSessions } from './hydrate-sessions.ts';

/** Live sessions of one partition in memory, read through to the totals and, once evicted, to their snapshots. */
export interface SessionCache {
  /** One answer per key; a session not in the map is new. */
  load(keys: readonly SessionKey[]): Promise<Map<string, SessionState>>;
  /** What was just committed. */
  put(states: Iterable<SessionState>): void;
  forget(keys: readonly SessionKey[]): void;
}

/** @param sessionsMax sessions held; those not used for longest go first. */
export function createSessionCache(
  deps: { totals: SessionTotals; analytics: AnalyticsStore },
  partition: number,
  sessionsMax: number,
): SessionCache {
  // A Map iterates in order of insertion: re-inserting on use makes its first key the one unused for longest.
  const held = new Map<string, SessionState>();

  const remember = (state: SessionState) => {
    const text = sessionKeyText(state);
    held.delete(text);
    held.set(text, state);
  };

  return {
    async load(keys) {
      const found = new Map<string, SessionState>();
      const missing: SessionKey[] = [];
      for (const key of keys) {
        const state = held.get(sessionKeyText(key));
        if (state) found.set(sessionKeyText(key), state);
        else missing.push(key);
      }
      if (missing.length === 0) return found;
      const stored = await deps.totals.loadMany(partition, missing);
      const stubs = stored.filter((item): item is SessionStub => item !== undefined && 'evicted' in item);
      const hydrated = await hydrateSessions(deps.analytics, stubs);
      for (const item of stored) {
        if (item !== undefined && !('evicted' in item)) found.set(sessionKeyText(item), item);
      }
      for (const state of hydrated) found.set(sessionKeyText(state), state);
      return found;
    },
    put(states) {
      for (const state of states) remember(state);
      for (const text of held.keys()) {
        if (held.size <= sessionsMax) break;
        held.delete(text);
      }
    },
    forget(keys) {
      for (const key of keys) held.delete(sessionKeyText(key));
    },
  };
}

/** A tenant id never holds NUL, so the pair reads back one way only. */
export function sessionKeyText(key: SessionKey): string {
  return `${key.tenantId}\0${key.sessionId}`;
}
