import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SessionState } from './session-state.ts';
import { sampleFence, samplePartition, sampleState } from './session-state-samples.ts';
import { rebuildingLogId, type SessionKey, type SessionStub, type SessionTotals } from './session-totals.ts';

/** A store of its own, empty at first, for one test. */
export interface TotalsFixture {
  /** What the owner uses. Several may be open at once: two owners who both believe that the partition is theirs. */
  openOwner(): Promise<SessionTotals>;
  /** What a reader who owns nothing uses. Opened after an owner. */
  openReader(): Promise<SessionTotals>;
  /** Closes what was opened and removes the store. */
  dispose(): Promise<void>;
}

/**
 * What every adapter of `SessionTotals` keeps to.
 *
 * @param skip tests that do not apply to an adapter, each with its reason, which is shown in place of the test.
 */
export function sessionTotalsContract(
  name: string,
  make: () => Promise<TotalsFixture>,
  { skip = [] }: { skip?: readonly { test: string; reason: string }[] } = {},
): void {
  const it = (title: string, run: () => Promise<void>, timeoutMs?: number) => {
    const skipped = skip.find((entry) => entry.test === title);
    if (skipped) test.skip(`${title} (${skipped.reason})`, () => {});
    else test(title, run, timeoutMs);
  };

  describe(`session totals in ${name}`, () => {
    let fixture: TotalsFixture;
    let totals: SessionTotals;
    const keyOf = (state: SessionState | SessionStub): SessionKey => ({
      tenantId: state.tenantId,
      sessionId: state.sessionId,
    });

    beforeEach(async () => {
      fixture = await make();
      totals = await fixture.openOwner();
    });
    afterEach(() => fixture.dispose());

    it('answers undefined for what is missing', async () => {
      expect(await totals.loadPartition(0)).toBeUndefined();
      expect(await totals.loadMany(0, [{ tenantId: 't', sessionId: 's' }])).toEqual([undefined]);
      expect(await totals.loadMany(0, [])).toEqual([]);
      expect(await totals.read({ tenantId: 't', sessionId: 's' })).toBeUndefined();
      expect(await totals.idle(0, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
      expect((await totals.size()).sessions).toBe(0);
    });

    it('gives back a partition state as it was committed', async () => {
      const state = samplePartition(41, {
        producers: new Map([
          [
            'p-1',
            {
              lastSeq: 12,
              holes: [
                [3, 4],
                [7, 7],
              ],
              lastSeenAt: 1_700_000_000_123,
              closed: false,
            },
          ],
          ['__proto__', { lastSeq: -1, holes: [], lastSeenAt: 1_700_000_000_124, closed: true }],
        ]),
        tenants: new Map([
          [
            '',
            {
              requests: 1,
              errors: 1,
              unpriced: 0,
              costPico: -(10n ** 30n),
              promptTokens: 10n ** 25n,
              completionTokens: 0n,
              annotations: 3,
              exceptions: { dead: 2, lost: 1_000_000 },
            },
          ],
        ]),
        recentExceptions: [
          {
            source_partition: 0,
            source_offset: 7,
            through_offset: 9,
            kind: 'lost',
            reason: 'the tail was cut\0',
            tenant_id: '',
            event_id: '',
            request_id: '',
            producer_id: 'p-1',
            producer_seq: -1,
            count: 3,
            received_at: 1_700_000_000_000,
            version: 2n ** 63n,
          },
        ],
        unpublished: [{ tenantId: 'tenant', sessionId: 'ü' }],
      });
      expect(await totals.commit(0, undefined, state, [])).toBe('committed');
      expect(await totals.loadPartition(0)).toEqual(state);
      expect(await totals.loadPartition(1)).toBeUndefined();
    });

    it('refuses a commit against another fence and changes nothing then', async () => {
      await totals.commit(0, undefined, samplePartition(1), [sampleState('a', 1)]);
      const attempts = [undefined, sampleFence(0), sampleFence(1, 2), { ...sampleFence(1), logId: 'other' }];
      for (const expected of attempts) {
        const sessions = [sampleState('a', 9), sampleState('b', 9)];
        expect(await totals.commit(0, expected, samplePartition(9), sessions)).toBe('refused');
      }
      expect(await totals.commit(1, sampleFence(1), samplePartition(9), [])).toBe('refused');
      expect(await totals.loadPartition(0)).toEqual(samplePartition(1));
      expect(await totals.loadPartition(1)).toBeUndefined();
      const keys = [
        { tenantId: 'tenant', sessionId: 'a' },
        { tenantId: 'tenant', sessionId: 'b' },
      ];
      expect(await totals.loadMany(0, keys)).toEqual([sampleState('a', 1), undefined]);
      expect((await totals.size()).sessions).toBe(1);
    });

    it('lets exactly one of two owners commit against the same fence', async () => {
      const rival = await fixture.openOwner();
      let fence = sampleFence(0);
      await totals.commit(0, undefined, samplePartition(0), []);
      for (let round = 1; round <= 20; round++) {
        const next = (owner: number) => samplePartition(round * 2 + owner);
        const outcomes = await Promise.all([
          totals.commit(0, fence, next(0), [sampleState('s', round * 2)]),
          rival.commit(0, fence, next(1), [sampleState('s', round * 2 + 1)]),
        ]);
        expect([...outcomes].sort()).toEqual(['committed', 'refused']);
        const winner = outcomes.indexOf('committed');
        fence = next(winner).fence;
        expect((await rival.loadPartition(0))?.fence).toEqual(fence);
        const [state] = await totals.loadMany(0, [{ tenantId: 'tenant', sessionId: 's' }]);
        expect((state as SessionState).requests).toBe(fence.offset);
      }
    });

    it('answers about sessions only where the fence is the one expected', async () => {
      const key = { tenantId: 'tenant', sessionId: 's' };
      const moved = expect.objectContaining({ name: 'SessionTotalsError', code: 'moved', retryable: false });
      await expect(totals.loadMany(0, [key], sampleFence(1))).rejects.toEqual(moved);
      await totals.commit(0, undefined, samplePartition(1), [sampleState('s', 1)]);
      expect(await totals.loadMany(0, [key], sampleFence(1))).toEqual([sampleState('s', 1)]);
      for (const other of [sampleFence(0), sampleFence(1, 2), { ...sampleFence(1), logId: 'other' }]) {
        await expect(totals.loadMany(0, [key], other)).rejects.toEqual(moved);
      }
      await totals.dropPartition(0);
      await expect(totals.loadMany(0, [key], sampleFence(1))).rejects.toEqual(moved);
      expect(await totals.loadMany(0, [key])).toEqual([undefined]);
    });

    it('loads many in the order asked for, repeated and missing ones included', async () => {
      await totals.commit(
        0,
        undefined,
        samplePartition(3),
        ['a', 'b', 'c'].map((id, i) => sampleState(id, i + 1)),
      );
      const ids = ['c', 'missing', 'a', 'c', 'b'];
      const loaded = await totals.loadMany(
        0,
        ids.map((sessionId) => ({ tenantId: 'tenant', sessionId })),
      );
      expect(loaded.map((state) => (state as SessionState | undefined)?.requests)).toEqual([3, undefined, 1, 3, 2]);
    });

    it('keeps sessions of the same id apart by tenant and by partition', async () => {
      const states = [sampleState('s', 1, { tenantId: 'ab' }), sampleState('bs', 2, { tenantId: 'a' })];
      await totals.commit(0, undefined, samplePartition(1), states);
      await totals.commit(1, undefined, samplePartition(1), [sampleState('s', 3, { tenantId: 'ab', partition: 1 })]);
      expect(await totals.loadMany(0, states.map(keyOf))).toEqual(states);
      expect(await totals.loadMany(0, [{ tenantId: 'a', sessionId: 's' }])).toEqual([undefined]);
      const [other] = await totals.loadMany(1, [keyOf(states[0]!)]);
      expect((other as SessionState).requests).toBe(3);
    });

    it('leaves a stub of an evicted session and takes the hydrated one back', async () => {
      const stub: SessionStub = { evicted: true, tenantId: 'tenant', sessionId: 's', snapshotVersion: 2n ** 64n - 1n };
      await totals.commit(0, undefined, samplePartition(1), [sampleState('s', 1), sampleState('t', 1)]);
      await totals.commit(0, sampleFence(1), samplePartition(2), [stub]);
      expect(await totals.loadMany(0, [keyOf(stub)])).toEqual([stub]);
      expect(await totals.read(keyOf(stub))).toEqual(stub);
      expect((await totals.size()).sessions).toBe(1);
      expect(await totals.idle(0, Number.MAX_SAFE_INTEGER, 10)).toEqual([{ tenantId: 'tenant', sessionId: 't' }]);
      await totals.commit(0, sampleFence(2), samplePartition(3), [sampleState('s', 2)]);
      expect(await totals.loadMany(0, [keyOf(stub)])).toEqual([sampleState('s', 2)]);
      expect((await totals.size()).sessions).toBe(2);
    });

    it('keeps nothing of a session that is removed, live, evicted or unknown, and takes one of its id', async () => {
      const removal = (sessionId: string) => ({ removed: true, tenantId: 'tenant', sessionId }) as const;
      const stub = { evicted: true, tenantId: 'tenant', sessionId: 'evicted', snapshotVersion: 7n } as const;
      await totals.commit(0, undefined, samplePartition(1), [sampleState('live', 1), sampleState('other', 1), stub]);
      const gone = ['live', 'evicted', 'unknown'].map(removal);
      await totals.commit(0, sampleFence(1), samplePartition(2), gone);
      const keys = ['live', 'evicted', 'unknown', 'other'].map((sessionId) => ({ tenantId: 'tenant', sessionId }));
      const other = sampleState('other', 1);
      expect(await totals.loadMany(0, keys)).toEqual([undefined, undefined, undefined, other]);
      expect(await totals.read(keys[0]!)).toBeUndefined();
      expect(await totals.idle(0, Number.MAX_SAFE_INTEGER, 10)).toEqual([keys[3]]);
      expect((await totals.size()).sessions).toBe(1);
      await totals.commit(0, sampleFence(2), samplePartition(3), [sampleState('live', 2)]);
      expect(await totals.loadMany(0, keys)).toEqual([sampleState('live', 2), undefined, undefined, other]);
    });

    it('forgets a partition and no other', async () => {
      const stub = { evicted: true, tenantId: 'tenant', sessionId: 'evicted', snapshotVersion: 7n } as const;
      await totals.commit(0, undefined, samplePartition(1), [sampleState('s', 1), stub]);
      await totals.commit(1, undefined, samplePartition(5), [sampleState('s', 5, { partition: 1 })]);
      await totals.dropPartition(0);
      expect(await totals.loadPartition(0)).toBeUndefined();
      const keys = ['s', 'evicted'].map((sessionId) => ({ tenantId: 'tenant', sessionId }));
      expect(await totals.loadMany(0, keys)).toEqual([undefined, undefined]);
      expect(await totals.idle(0, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
      expect(await totals.loadPartition(1)).toEqual(samplePartition(5));
      expect(await totals.commit(0, undefined, samplePartition(2), [])).toBe('committed');
    });

    it('does not show the sessions of a partition that is being rebuilt', async () => {
      const key = { tenantId: 'tenant', sessionId: 's' };
      const fence = { ...sampleFence(1), logId: rebuildingLogId('log') };
      await totals.commit(0, undefined, samplePartition(1, { fence }), [sampleState('s', 1)]);
      expect(await totals.read(key)).toBeUndefined();
      expect(await totals.loadMany(0, [key])).toEqual([sampleState('s', 1)]);
      await totals.commit(0, fence, samplePartition(1), []);
      expect(await totals.read(key)).toEqual({ state: sampleState('s', 1), fence: sampleFence(1) });
    });

    it('lists idle sessions, the one idle for longest first', async () => {
      const at = (sessionId: string, lastReceivedAt: number) => sampleState(sessionId, 1, { lastReceivedAt });
      const ids = async (since: number, max = 10, partition = 0) =>
        (await totals.idle(partition, since, max)).map((key) => key.sessionId);
      await totals.commit(0, undefined, samplePartition(1), [
        at('c', 90_000),
        at('b', 5_300),
        at('a', 5_700),
        at('d', 200_000),
      ]);
      await totals.commit(1, undefined, samplePartition(1), [
        sampleState('elsewhere', 1, { partition: 1, lastReceivedAt: 1 }),
      ]);
      expect(await ids(5_300)).toEqual([]);
      expect(await ids(5_301)).toEqual(['b']);
      expect(await ids(90_001)).toEqual(['b', 'a', 'c']);
      expect(await ids(90_001, 1)).toEqual(['b']);
      expect(await ids(Number.MAX_SAFE_INTEGER, 10, 1)).toEqual(['elsewhere']);
      await totals.commit(0, sampleFence(1), samplePartition(2), [at('b', 300_000)]);
      expect(await ids(Number.MAX_SAFE_INTEGER)).toEqual(['a', 'c', 'd', 'b']);
    });

    it('keeps ids of any text apart and gives them back exactly', async () => {
      const ids = ['__proto__', 'constructor', '', '\0', 'a\0b', 'a', '\ud800', '\udc00', '\ufffd', 'ü', '🙂', ' '];
      ids.push('x'.repeat(8_192), `${'x'.repeat(8_191)}y`, '🙂'.repeat(2_000));
      const states = ids.flatMap((id, i) => [
        sampleState(id, i + 1),
        sampleState('s', i + 1, { tenantId: `tenant ${id}` }),
      ]);
      await totals.commit(0, undefined, samplePartition(1), states);
      expect(await totals.loadMany(0, states.map(keyOf))).toEqual(states);
      for (const state of states) expect(await totals.read(keyOf(state))).toEqual({ state, fence: sampleFence(1) });
      const idle = await totals.idle(0, Number.MAX_SAFE_INTEGER, 1_000);
      const text = (key: SessionKey) => JSON.stringify([key.tenantId, key.sessionId]);
      expect(idle.map(text).sort()).toEqual(states.map((state) => text(keyOf(state))).sort());
    });

    it('keeps numbers beyond 64 bits exact', async () => {
      const state = sampleState('s', 1, {
        costPico: 10n ** 40n + 7n,
        promptTokens: 2n ** 200n - 1n,
        latencyMsSum: 2n ** 53n + 1n,
        snapshotVersion: 2n ** 64n - 1n,
        applied: 2 ** 44 - 1,
      });
      await totals.commit(0, undefined, samplePartition(1), [state]);
      expect(await totals.loadMany(0, [keyOf(state)])).toEqual([state]);
    });

    it('commits a thousand sessions in one step, several times over', async () => {
      const sessions = (requests: number) =>
        Array.from({ length: 1_000 }, (_, i) => sampleState(`session ${i}`, requests));
      await totals.commit(0, undefined, samplePartition(1), sessions(1));
      await totals.commit(0, sampleFence(1), samplePartition(2), sessions(2));
      expect(await totals.loadMany(0, sessions(2).map(keyOf))).toEqual(sessions(2));
      expect(await totals.size()).toEqual({ sessions: 1_000, bytes: expect.any(Number) });
    });

    it('shows a commit to readers as soon as it has resolved', async () => {
      const reader = await fixture.openReader();
      for (let offset = 1; offset <= 50; offset++) {
        const expected = offset === 1 ? undefined : sampleFence(offset - 1);
        await totals.commit(0, expected, samplePartition(offset), [sampleState('s', offset)]);
        const found = await reader.read({ tenantId: 'tenant', sessionId: 's' });
        expect(found).toEqual({ state: sampleState('s', offset), fence: sampleFence(offset) });
      }
    });

    it('shows concurrent readers the state before a commit or after it, never half of it', async () => {
      const reader = await fixture.openReader();
      const ids = Array.from({ length: 200 }, (_, i) => `session ${i}`);
      let isDone = false;
      let reads = 0;
      const reading = (async () => {
        while (!isDone) {
          const found = await reader.read({ tenantId: 'tenant', sessionId: ids[reads % ids.length]! });
          reads++;
          if (found && 'state' in found) expect(found.state.requests).toBe(found.fence.offset);
          await new Promise(setImmediate);
        }
      })();
      for (let offset = 1; offset <= 30; offset++) {
        const expected = offset === 1 ? undefined : sampleFence(offset - 1);
        await totals.commit(
          0,
          expected,
          samplePartition(offset),
          ids.map((id) => sampleState(id, offset)),
        );
        await new Promise(setImmediate);
      }
      isDone = true;
      await reading;
      expect(reads).toBeGreaterThan(0);
    });

    it('keeps what was committed after closing and opening again', async () => {
      const stub: SessionStub = { evicted: true, tenantId: 'tenant', sessionId: 'b', snapshotVersion: 5n };
      await totals.commit(0, undefined, samplePartition(1), [sampleState('a', 1), stub]);
      await totals.close();
      const again = await fixture.openOwner();
      expect(await again.loadPartition(0)).toEqual(samplePartition(1));
      const keys = [{ tenantId: 'tenant', sessionId: 'a' }, keyOf(stub)];
      expect(await again.loadMany(0, keys)).toEqual([sampleState('a', 1), stub]);
      expect(await again.commit(0, sampleFence(1), samplePartition(2), [])).toBe('committed');
    });
  });
}
