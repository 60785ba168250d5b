/**
 * Gives a folder the totals of sessions that had so many calls each, folded by the aggregator's own code. Their rows are in
 * no table; the next owner publishes their snapshots.
 */
import { createSessionFolder } from '@throughline/session-aggregator/session/fold-session';
import { buildRequestRow } from '@throughline/session-aggregator/steps/build-request-row';
import { publishedState } from '@throughline/session-totals/describe-session';
import type { SessionState } from '@throughline/session-totals/session-state';
import { argument, onParentGone, tellParent } from '../processes/parent.ts';
import { SEED_EPOCH, seedTotals } from './seed-totals.ts';
import { CALLS_FROM, createCallMaker, RECEIVED_AFTER_MS, spreadSessionId } from './spread-calls.ts';

const CALL_EVERY_MS = 1_000;

onParentGone(() => {});
const calls = Number(argument('calls'));
const count = Number(argument('sessions'));
const spread = { prefix: argument('prefix'), sessionsAtOnce: count, callsPerSession: calls };
const folded = foldFirst();
const sessions = Array.from({ length: count }, (_, session) => {
  const applied = (calls - 1) * count + session;
  return publishedState({ ...folded, sessionId: spreadSessionId(spread, session), applied }, SEED_EPOCH);
});
const unpublished = sessions.map(({ tenantId, sessionId }) => ({ tenantId, sessionId }));
await seedTotals(argument('dir'), { nextOffset: calls * count, at: CALLS_FROM }, [{ sessions, unpublished }]);
tellParent({ done: true });

/** The first session, which stands for all of them. */
function foldFirst(): SessionState {
  const callAt = createCallMaker(spread);
  const folder = createSessionFolder(undefined);
  for (let call = 0; call < calls; call++) {
    const at = CALLS_FROM - (calls - call) * CALL_EVERY_MS;
    const producer = { id: '0190f0a0-0000-7000-8000-00000000bec5', seq: call };
    const event = { ...callAt(call * count, at), producer, partition: 0, received_at: at + RECEIVED_AFTER_MS };
    folder.add(buildRequestRow(event, 0, call * count).row);
  }
  return folder.result();
}
