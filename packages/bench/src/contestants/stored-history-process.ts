/**
 * Fills a folder as the product leaves it after so many requests: rows and snapshots made by the engine, sessions evicted
 * from the totals, the fence behind the last of them.
 */
import { join } from 'node:path';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import type { SessionStub } from '@throughline/session-totals/session-totals';
import { argument, onParentGone, tellParent } from '../processes/parent.ts';
import { openEngineSession } from '../query/engine-session.ts';
import { makeData } from '../query/made-data.ts';
import { OFFSETS_PER_SESSION } from '../query/request-rows-sql.ts';
import { sizeOf } from '../query/size.ts';
import { untilMerged } from '../query/until-merged.ts';
import { type SeededSessions, seedTotals } from './seed-totals.ts';
import { CALLS_FROM } from './spread-calls.ts';

/** Of one transaction, about. */
const STUBS_PER_COMMIT = 50_000;

onParentGone(() => {});
const dir = argument('dir');
const size = sizeOf(Number(argument('requests')));
const analytics = await openEmbeddedAnalytics({ dir: join(dir, 'clickhouse') });
const engine = await openEngineSession(join(dir, 'clickhouse'));
await makeData(engine, size, { bodies: false, progress: (text) => process.stderr.write(`  ${text}\n`) });
await untilMerged(engine);
await seedTotals(dir, { nextOffset: size.sessions * OFFSETS_PER_SESSION, at: CALLS_FROM }, stubs());
engine.close();
await analytics.close();
tellParent({ done: true });

async function* stubs(): AsyncGenerator<SeededSessions> {
  const shares = Math.ceil(size.sessions / STUBS_PER_COMMIT);
  for (let share = 0; share < shares; share++) {
    const found = await engine.rows<{ tenant_id: string; session_id: string; version: string }>(
      `SELECT tenant_id, session_id, toString(max(version)) AS version FROM session_keys
      WHERE cityHash64(session_id) % ${shares} = ${share} GROUP BY tenant_id, session_id`,
    );
    const sessions = found.map((session): SessionStub => {
      const { tenant_id: tenantId, session_id: sessionId, version } = session;
      return { evicted: true, tenantId, sessionId, snapshotVersion: BigInt(version) };
    });
    yield { sessions };
  }
}
