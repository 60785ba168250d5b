import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import type { FileEventAppender } from '@throughline/event-log/files/file-appender-options';
import { openFileConsumer } from '@throughline/event-log/files/file-consumer';
import { SharedLogState } from '@throughline/event-log/files/shared-log';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { AGGREGATOR_DEFAULTS } from '../../src/aggregator-deps.ts';
import { auditPartition } from '../../src/audit/audit-partition.ts';
import { createSessionAggregator } from '../../src/session-aggregator.ts';
import { callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';

const store = useEmbeddedStore('file-log');

/** Applies the whole log through the consumer, as the process does, and ends in order. */
async function applyAll(dir: string, log: FileEventAppender, totals: SessionTotals): Promise<void> {
  const done = Promise.withResolvers<void>();
  const state = new SharedLogState(log.shared.memory);
  const aggregator = createSessionAggregator(
    {
      totals,
      analytics: store.analytics,
      progress: {
        totals: () => {},
        snapshots: (_partition, { offset }) => {
          if (offset + 1 >= state.end) done.resolve();
        },
      },
      config: AGGREGATOR_DEFAULTS,
      logger: createLogger('test', { level: 'silent' }),
      metrics: createMetrics(),
      now: Date.now,
    },
    openFileConsumer({ dir, shared: log.shared }),
    (_, error) => done.reject(error),
  );
  const running = aggregator.run();
  await done.promise;
  await aggregator.close();
  await running;
}

describe('the aggregator on segment files', () => {
  test('applies them, and after their tail was cut names what is gone and counts what is new', async () => {
    const dir = await createTempDir('file-log-folder');
    const logDir = join(dir.path, 'log');
    const totals = openLmdbSessionTotals({ dir: join(dir.path, 'totals') });
    const open = () => openFileAppender({ dir: logDir, syncIntervalMs: 5 });
    const call = { tenant: 'file-log', session: 's' };

    let log = open();
    for (let i = 0; i < 50; i++) await log.append(callEvent(call));
    await applyAll(logDir, log, totals);
    // Ten more, and the `closed` of the producer: synced, never applied, and then cut off.
    for (let i = 0; i < 10; i++) await log.append(callEvent(call));
    await log.close();
    const newest = join(
      logDir,
      readdirSync(logDir)
        .filter((name) => /\d{5,}/.test(name))
        .sort()
        .at(-1)!,
    );
    truncateSync(newest, Math.floor(statSync(newest).size * 0.9));

    log = open();
    for (let i = 0; i < 5; i++) await log.append(callEvent(call));
    await applyAll(logDir, log, totals);
    await log.close();

    const audit = await auditPartition({ totals, analytics: store.analytics }, 0, {
      logId: log.logId,
      low: 0,
      high: 66,
    });
    const { requests, exceptions } = audit.stored;
    expect(audit.differences).toEqual([]);
    expect(audit.applied).toBe(66);
    expect(exceptions.lost).toBeGreaterThan(0);
    expect(exceptions).toEqual({ lost: 61 - (requests - 5) });
    expect(audit.totalled).toBe(requests);
    expect(audit.losses[0]).toContain(`to 60: `);
    await totals.close();
    await dir.remove();
  });
});
