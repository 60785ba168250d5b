import { describe, expect, test } from '@jest/globals';
import type { AnalyticsQuery, AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { LoggedEntry } from './decide-step.ts';
import { recoverLostStep } from './recover-lost-step.ts';

/** Answers as the tables would, of which only what is asked here matters. */
function storeHolding(exceptions: readonly { at: number; through?: number; kind: string }[]): AnalyticsStore {
  return {
    insert: async () => {},
    instanceId: async () => 'i',
    close: async () => {},
    query: async <Row>({ sql, params }: AnalyticsQuery) => {
      if (!sql.includes('ledger_exceptions')) return [];
      const { next, through } = params as { next: number; through: number };
      const rows = exceptions
        .filter(({ at }) => at >= next && at <= through)
        .map(({ at, kind, through: last = at }) => ({
          source_offset: `${at}`,
          through_offset: `${last}`,
          kind,
          version: '1',
        }));
      return rows as Row[];
    },
  };
}

const lost = (offset: number, through: number): LoggedEntry => ({ kind: 'lost', offset, through, reason: 'cut' });
const ranges = (entries: readonly { kind: string; offset: number; through?: number }[]) =>
  entries.map(({ kind, offset, through }) => [kind, offset, through]);

describe('offsets that the log lost', () => {
  test('stay lost but for those that are stored', async () => {
    const store = storeHolding([
      { at: 3, kind: 'dead' },
      { at: 4, kind: 'resent' },
      { at: 9, kind: 'duplicate' },
    ]);
    expect(ranges(await recoverLostStep(store, 0, [lost(2, 9)]))).toEqual([
      ['lost', 2, 2],
      ['stored-exception', 3, 3],
      ['stored-exception', 4, 4],
      ['lost', 5, 8],
      ['stored-exception', 9, 9],
    ]);
  });

  test('are cut where an earlier try cut them, so that its ranges are written over', async () => {
    const store = storeHolding([
      { at: 4, through: 6, kind: 'lost' },
      { at: 7, through: 7, kind: 'lost' },
    ]);
    expect(ranges(await recoverLostStep(store, 0, [lost(2, 9)]))).toEqual([
      ['lost', 2, 3],
      ['lost', 4, 6],
      ['lost', 7, 9],
    ]);
    expect(ranges(await recoverLostStep(store, 0, [lost(4, 6)]))).toEqual([['lost', 4, 6]]);
  });
});
