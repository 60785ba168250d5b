import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { Fence, SessionKey, SessionStub, SessionTotals } from '@throughline/session-totals/session-totals';
import { hydrateSessions } from './hydrate-sessions.ts';
import { loadOwn } from './load-own.ts';
import { sessionKeyText } from './session-key-text.ts';

/** The sessions of one partition as of one fence. */
export interface SessionReader {
  /**
   * By `sessionKeyText`; a session not in the map is new.
   *
   * @throws OwnershipLostError where the totals are not at that fence any more: what is missing there proves nothing.
   */
  load(keys: readonly SessionKey[]): Promise<Map<string, SessionState>>;
}

/** Live sessions of one partition in memory, read through to the totals and, once evicted, to their snapshots. */
export interface SessionCache {
  /** @param fence of the last commit; undefined before the first one, when no session is there. */
  at(fence: Fence | undefined): SessionReader;
  /** What was just committed. */
  put(states: Iterable<SessionState>): void;
  forget(keys: readonly SessionKey[]): void;
}

/** @param bytesMax memory of the sessions held, about; those not changed for longest go first. */
export function createSessionCache(
  deps: { totals: SessionTotals; analytics: AnalyticsStore },
  partition: number,
  bytesMax: number,
): SessionCache {
  // A Map iterates in order of insertion: re-inserting at each change makes its first key the one unchanged for longest.
  const held = new Map<string, { readonly state: SessionState; readonly bytes: number }>();
  let heldBytes = 0;

  const forget = (text: string) => {
    const found = held.get(text);
    if (!found) return;
    heldBytes -= found.bytes;
    held.delete(text);
  };

  const load = async (keys: readonly SessionKey[], fence: Fence | undefined) => {
    const found = new Map<string, SessionState>();
    const missing: SessionKey[] = [];
    for (const key of keys) {
      const text = sessionKeyText(key);
      const known = held.get(text);
      if (known) found.set(text, known.state);
      else missing.push(key);
    }
    if (missing.length === 0 || fence === undefined) return found;
    const stubs: SessionStub[] = [];
    for (const item of await loadOwn(deps.totals, partition, missing, fence)) {
      if (item === undefined) continue;
      if ('evicted' in item) stubs.push(item);
      else found.set(sessionKeyText(item), item);
    }
    for (const state of await hydrateSessions(deps.analytics, stubs)) found.set(sessionKeyText(state), state);
    return found;
  };

  return {
    at: (fence) => ({ load: (keys) => load(keys, fence) }),
    put(states) {
      for (const state of states) {
        const text = sessionKeyText(state);
        forget(text);
        const bytes = estimateBytes(state);
        held.set(text, { state, bytes });
        heldBytes += bytes;
      }
      for (const text of held.keys()) {
        if (heldBytes <= bytesMax) break;
        forget(text);
      }
    },
    forget(keys) {
      for (const key of keys) forget(sessionKeyText(key));
    },
  };
}

/** Within a factor of two: objects and short strings weigh more than their characters. */
function estimateBytes(state: SessionState): number {
  let values = state.names.values.length + state.userIds.values.length + state.models.values.length;
  for (const { values: ofKey } of state.properties.values()) values += 2 + ofKey.length;
  return 2_048 + state.chosenIds.size * 150 + state.paths.size * 400 + values * 100;
}
