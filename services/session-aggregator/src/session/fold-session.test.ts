import { describe, expect, test } from '@jest/globals';
import { murmur3 } from '@throughline/contracts/partition';
import { compareSteps } from '@throughline/session-totals/compare-steps';
import { latencyBucket } from '@throughline/session-totals/latency-sketch';
import { SESSION_BOUNDS, type SessionBounds, type StringsBound } from '@throughline/session-totals/session-bounds';
import type { BoundedStrings, PathTotals, SessionState } from '@throughline/session-totals/session-state';
import { decodeSessionState, encodeSessionState } from '@throughline/session-totals/state-codec';
import fc from 'fast-check';
import { createSessionFolder, type FoldedRow, foldSession } from './fold-session.ts';
import { sampleRow } from './sample-row.ts';

/** So small that a handful of rows overflows every set. */
const TINY: SessionBounds = {
  names: { countMax: 2, charsMax: 8 },
  userIds: { countMax: 2, charsMax: 4 },
  models: { countMax: 2, charsMax: 8 },
  providers: { countMax: 1, charsMax: 8 },
  statusesMax: 2,
  propertyKeys: { countMax: 2, charsMax: 4 },
  propertyValues: { countMax: 2, charsMax: 4 },
  paths: { countMax: 3, charsMax: 6 },
  stepsMax: 4,
  scores: { countMax: 2, charsMax: 8 },
  latestNameCharsMax: 5,
  chosenIdsMax: 3,
};

const hash = (text: string) => murmur3(Buffer.from(text, 'utf8'));
const rank = (keys: Iterable<string>) => [...keys].sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
const add = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

/** The totals straight from their definition: all rows at once, each figure on its own, nothing kept on the way. */
function referenceState(allRows: readonly FoldedRow[], bounds: SessionBounds): SessionState {
  const rows = [...new Map(allRows.map((row) => [row.source_offset, row])).values()];
  rows.sort((a, b) => a.source_offset - b.source_offset);
  const first = rows[0]!;
  const end = (row: FoldedRow) => row.ordered_at + row.latency_ms;
  const tokens = (field: keyof FoldedRow) => add(rows.map((row) => BigInt((row[field] as number | null) ?? 0)));

  const strings = (values: readonly string[], bound: StringsBound): BoundedStrings => {
    const distinct = rank(new Set(values.filter((value) => value.length <= bound.charsMax)));
    const overflowed = distinct.length > bound.countMax || values.some((value) => value.length > bound.charsMax);
    return { values: distinct.slice(0, bound.countMax).sort(), overflowed };
  };
  const present = (values: readonly string[], bound: StringsBound) =>
    strings(
      values.filter((value) => value !== ''),
      bound,
    );
  const pathTotals = (members: readonly FoldedRow[]): PathTotals => ({
    requests: members.length,
    errors: members.filter((row) => row.is_error).length,
    unpriced: members.filter((row) => row.cost_pico === null).length,
    costPico: add(members.map((row) => row.cost_pico ?? 0n)),
    promptTokens: add(members.map((row) => BigInt(row.prompt_tokens ?? 0))),
    completionTokens: add(members.map((row) => BigInt(row.completion_tokens ?? 0))),
    latencyMsSum: add(members.map((row) => BigInt(row.latency_ms))),
    firstAt: Math.min(...members.map((row) => row.ordered_at)),
    lastAt: Math.max(...members.map(end)),
  });

  const named = rows.filter((row) => row.session_name !== '');
  named.sort((a, b) => a.ordered_at - b.ordered_at || (a.event_id < b.event_id ? -1 : 1));
  const latest = named.at(-1);

  const statuses = rank(new Set(rows.map((row) => String(row.status))));
  const keptStatuses = statuses.slice(0, bounds.statusesMax).map(Number);

  const own = new Set(['Helicone-Session-Id', 'Helicone-Session-Name', 'Helicone-Session-Path']);
  const pairs = rows.flatMap((row) => [...new Map(row.properties)]).filter(([key]) => !own.has(key));
  const keys = strings(
    pairs.map(([key]) => key),
    bounds.propertyKeys,
  );

  const short = new Set(rows.map((row) => row.session_path).filter((path) => path.length <= bounds.paths.charsMax));
  const keptPaths = rank(short).slice(0, bounds.paths.countMax);
  const others = rows.filter((row) => !keptPaths.includes(row.session_path));

  const steps = rows.map((row) => ({
    at: row.ordered_at,
    path: row.session_path.length > bounds.paths.charsMax ? null : row.session_path,
    isError: row.is_error,
    costPico: row.cost_pico ?? 0n,
  }));

  const chosen = new Map<string, number>();
  for (const row of rows.filter((each) => each.request_id_chosen)) {
    chosen.delete(row.request_id);
    chosen.set(row.request_id, row.source_offset);
  }

  const buckets = rows.map((row) => latencyBucket(row.latency_ms));
  const tally = (of: readonly number[], kept = of) =>
    new Map([...new Set(kept)].map((key) => [key, of.filter((value) => value === key).length]));

  return {
    tenantId: first.tenant_id,
    sessionId: first.session_id,
    partition: first.source_partition,
    applied: rows.at(-1)!.source_offset,
    snapshotVersion: 0n,
    publishedCreatedAt: null,
    createdAt: Math.min(...rows.map((row) => row.ordered_at)),
    latestRequestAt: Math.max(...rows.map((row) => row.ordered_at)),
    latestResponseAt: Math.max(...rows.map(end)),
    lastReceivedAt: Math.max(...rows.map((row) => row.received_at)),
    latestName: latest
      ? {
          name: latest.session_name.slice(0, bounds.latestNameCharsMax),
          at: latest.ordered_at,
          eventId: latest.event_id,
        }
      : null,
    names: present(
      rows.map((row) => row.session_name),
      bounds.names,
    ),
    userIds: present(
      rows.map((row) => row.user_id),
      bounds.userIds,
    ),
    models: present(
      rows.map((row) => row.model),
      bounds.models,
    ),
    providers: present(
      rows.map((row) => row.provider),
      bounds.providers,
    ),
    statuses: tally(
      rows.map((row) => row.status),
      keptStatuses,
    ),
    statusesOverflowed: statuses.length > bounds.statusesMax,
    properties: new Map(
      keys.values.map((key) => [
        key,
        strings(
          pairs.filter((pair) => pair[0] === key).map(([, value]) => value),
          bounds.propertyValues,
        ),
      ]),
    ),
    propertiesOverflowed: keys.overflowed,
    requests: rows.length,
    errors: rows.filter((row) => row.is_error).length,
    unpriced: rows.filter((row) => row.cost_pico === null).length,
    costPico: add(rows.map((row) => row.cost_pico ?? 0n)),
    promptTokens: tokens('prompt_tokens'),
    completionTokens: tokens('completion_tokens'),
    reasoningTokens: tokens('reasoning_tokens'),
    promptCacheReadTokens: tokens('prompt_cache_read_tokens'),
    promptCacheWriteTokens: tokens('prompt_cache_write_tokens'),
    promptAudioTokens: tokens('prompt_audio_tokens'),
    completionAudioTokens: tokens('completion_audio_tokens'),
    latencyMsSum: tokens('latency_ms'),
    latencyBuckets: tally(buckets),
    paths: new Map(keptPaths.map((path) => [path, pathTotals(rows.filter((row) => row.session_path === path))])),
    otherPaths: others.length === 0 ? null : pathTotals(others),
    steps: steps.sort(compareSteps).slice(0, bounds.stepsMax),
    chosenIds: new Map([...chosen].slice(-bounds.chosenIdsMax)),
    tag: null,
    feedback: null,
    scores: new Map(),
    bodiesDeleted: false,
  };
}

const word = fc.constantFrom('', 'a', 'b', 'c', 'dd', 'e', '__proto__', 'too long for this', '\ud800', '🙂');
const key = fc.constantFrom('k', 'l', 'm', 'n', '__proto__', 'Helicone-Session-Path', 'constructor');
const tokens = fc.oneof(fc.constant(0), fc.nat({ max: 5_000 }), fc.constant(Number.MAX_SAFE_INTEGER));

const rowWithoutOffset = fc
  .record({
    event_id: fc.uuid(),
    request_id: fc.oneof(fc.constantFrom('one', 'two', 'three', 'four', 'five', 'six'), fc.uuid()),
    request_id_chosen: fc.boolean(),
    session_name: word,
    session_path: fc.oneof(word, fc.constantFrom('/x', '/y', '/z', 'x')),
    user_id: word,
    properties: fc.array(fc.tuple(key, word), { maxLength: 4 }),
    ordered_at: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_020 }),
    received_at: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_020 }),
    latency_ms: fc.nat({ max: 100_000 }),
    provider: fc.constantFrom('OPENAI', 'ANTHROPIC', 'https://a.example.org'),
    status: fc.constantFrom(200, 201, 429, 500, -3),
    is_error: fc.boolean(),
    model: word,
    prompt_tokens: fc.option(tokens),
    completion_tokens: fc.option(tokens),
    reasoning_tokens: tokens,
    prompt_cache_read_tokens: tokens,
    cost_pico: fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n })),
  })
  .map((fields) => sampleRow({ ...fields, session_id: 'session' }));

/** Rows of one session at ascending offsets with gaps, as a log of many sessions has them. */
const sessionRows = fc
  .array(fc.tuple(rowWithoutOffset, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 25 })
  .map((entries) => {
    let offset = -1;
    return entries.map(([row, step]) => {
      offset += step;
      return { ...row, source_offset: offset };
    });
  });

/** What a crash does to a state: it is read back from what was stored. */
function restarted(state: SessionState): SessionState {
  return decodeSessionState(encodeSessionState(state));
}

function packedAs(applied: number, state: SessionState): string {
  return encodeSessionState({ ...state, applied }).toString('hex');
}

describe('fold of a session', () => {
  test('gives the totals of the plain definition, bit for bit, whatever batches, repetitions and restarts', () => {
    // Each cut ends a batch; the next begins up to `back` rows earlier, as after a crash between rows and totals.
    const cuts = fc.array(fc.record({ at: fc.nat({ max: 25 }), back: fc.nat({ max: 5 }), restart: fc.boolean() }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(sessionRows, cuts, (rows, plan) => {
        let state: SessionState | undefined;
        let from = 0;
        const ends = [...plan.sort((a, b) => a.at - b.at), { at: rows.length, back: 0, restart: true }];
        for (const { at, back, restart } of ends) {
          const batch = rows.slice(from, at);
          if (batch.length === 0) continue;
          const folder = createSessionFolder(state, TINY);
          for (const row of batch) folder.add(row);
          state = folder.result();
          if (restart) state = restarted(state);
          from = Math.max(0, Math.min(at, rows.length) - back);
        }
        const reference = referenceState(rows, TINY);
        expect(state).toEqual(reference);
        expect(encodeSessionState(state!).equals(encodeSessionState(reference))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('rebuilt from shuffled and repeated rows equals the live state, bit for bit', () => {
    const shuffled = sessionRows.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([rows, inAnyOrder]) => {
        const rebuild = createSessionFolder(undefined, TINY);
        let counted = 0;
        for (const row of inAnyOrder) if (rebuild.add(row)) counted++;
        expect(counted).toBe(rows.length);
        const live = createSessionFolder(undefined, TINY);
        for (const row of rows) live.add(row);
        expect(encodeSessionState(rebuild.result()).equals(encodeSessionState(live.result()))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('does not depend on the order of arrival in the log in anything but `applied` and the ids kept', () => {
    const permuted = sessionRows.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(permuted, ([rows, order]) => {
        const relaid = order.map((row, i) => ({ ...row, source_offset: i, request_id_chosen: false }));
        const plain = rows.map((row) => ({ ...row, request_id_chosen: false }));
        const fold = (batch: readonly FoldedRow[]) => {
          let state: SessionState | undefined;
          for (const row of batch) {
            const folder = createSessionFolder(state, TINY);
            folder.add(row);
            state = folder.result();
          }
          return state!;
        };
        expect(packedAs(0, fold(relaid))).toBe(packedAs(0, fold(plain)));
      }),
      { numRuns: 200 },
    );
  });

  test('overflows the bounds in force as the plain definition does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        let random = seed;
        const next = (max: number) => {
          random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
          return Math.floor((random / 2 ** 32) * max);
        };
        const rows = Array.from({ length: 2_500 }, (_, offset) =>
          sampleRow({
            source_offset: offset,
            event_id: `event ${offset}`,
            session_path: `/plan/${next(1_300)}`,
            session_name: `name ${next(150)}`,
            user_id: `user ${next(1_400)}`,
            model: `model ${next(120)}`,
            provider: `provider ${next(70)}`,
            status: next(140),
            properties: [
              [`key ${next(130)}`, 'x'],
              ['turn', String(offset)],
            ],
            request_id: String(offset),
            request_id_chosen: true,
            latency_ms: next(1_000_000),
          }),
        );
        const reference = referenceState(rows, SESSION_BOUNDS);
        expect(reference.otherPaths).not.toBeNull();
        expect(reference.statusesOverflowed && reference.propertiesOverflowed && reference.userIds.overflowed).toBe(
          true,
        );
        let state: SessionState | undefined;
        for (let from = 0; from < rows.length; from += 700) {
          const folder = createSessionFolder(state && restarted(state));
          for (const row of rows.slice(from, from + 700)) folder.add(row);
          state = folder.result();
        }
        expect(encodeSessionState(state!).equals(encodeSessionState(reference))).toBe(true);
      }),
      { numRuns: 2 },
    );
  });

  test('keeps the last 10,000 chosen ids', () => {
    const folder = createSessionFolder(undefined);
    for (let offset = 0; offset < 10_005; offset++) {
      folder.add(sampleRow({ source_offset: offset, request_id: String(offset), request_id_chosen: true }));
    }
    const { chosenIds } = folder.result();
    expect(chosenIds.size).toBe(10_000);
    expect(chosenIds.keys().next().value).toBe('5');
  });

  test('skips rows at or below what was applied, and says so', () => {
    const state = foldSession(undefined, sampleRow({ source_offset: 7 }));
    const folder = createSessionFolder(state);
    expect([5, 7, 8, 8, 9].map((source_offset) => folder.add(sampleRow({ source_offset })))).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
    expect(folder.result()).toMatchObject({ requests: 3, applied: 9 });
    expect(foldSession(state, sampleRow({ source_offset: 7 }))).toBe(state);
  });

  test('leaves the state it began with untouched', () => {
    const state = foldSession(undefined, sampleRow({ source_offset: 0, session_path: '/a', user_id: 'ann' }));
    const before = encodeSessionState(state);
    const row = sampleRow({
      source_offset: 1,
      session_path: '/b',
      user_id: 'bob',
      request_id_chosen: true,
      status: 500,
    });
    expect(foldSession(state, row)).toMatchObject({ requests: 2 });
    expect(encodeSessionState(state).equals(before)).toBe(true);
  });

  test('carries over what is not made of rows', () => {
    const state = {
      ...foldSession(undefined, sampleRow({ source_offset: 0 })),
      snapshotVersion: 9n,
      publishedCreatedAt: 4,
      tag: 'tag',
      feedback: false,
      scores: new Map([['s', 1]]),
    };
    const { snapshotVersion, publishedCreatedAt, tag, feedback, scores } = foldSession(
      state,
      sampleRow({ source_offset: 1 }),
    );
    expect({ snapshotVersion, publishedCreatedAt, tag, feedback, scores }).toEqual({
      snapshotVersion: 9n,
      publishedCreatedAt: 4,
      tag: 'tag',
      feedback: false,
      scores: new Map([['s', 1]]),
    });
  });

  test('begins with its first request when only a tag was set before', () => {
    const tagged: SessionState = {
      ...foldSession(undefined, sampleRow({ source_offset: 0 })),
      ...{
        requests: 0,
        createdAt: 0,
        latestRequestAt: 0,
        latestResponseAt: 0,
        lastReceivedAt: 0,
        latestName: null,
        applied: 3,
      },
    };
    const row = sampleRow({ source_offset: 4, ordered_at: 1_000, latency_ms: 50, received_at: 1_060 });
    expect(foldSession(tagged, row)).toMatchObject({
      createdAt: 1_000,
      latestRequestAt: 1_000,
      latestResponseAt: 1_050,
      lastReceivedAt: 1_060,
    });
  });

  test('never fails on odd numbers of a row', () => {
    const row = sampleRow({
      prompt_tokens: 1.6,
      completion_tokens: Number.NaN,
      latency_ms: -4,
      reasoning_tokens: 1e300,
    });
    const state = foldSession(undefined, row);
    expect(state).toMatchObject({
      promptTokens: 2n,
      completionTokens: 0n,
      latencyMsSum: 0n,
      reasoningTokens: 2n ** 53n - 1n,
    });
    expect(restarted(state)).toEqual(state);
  });

  test('refuses a row of another session, which only a bug can bring', () => {
    const folder = createSessionFolder(foldSession(undefined, sampleRow({ source_offset: 0 })));
    expect(() => folder.add(sampleRow({ source_offset: 1, session_id: 'other' }))).toThrow('no row of');
    expect(() => createSessionFolder(undefined).result()).toThrow('no row was added');
  });
});

describe('the steps of a session that began before they were kept', () => {
  const before = { ...foldSession(undefined, sampleRow({ source_offset: 1 })), steps: null };

  test('stay unknown, whatever comes later', () => {
    const after = foldSession(before, sampleRow({ source_offset: 2, ordered_at: 1 }));
    expect([after.requests, after.steps]).toEqual([2, null]);
    expect(decodeSessionState(encodeSessionState(after))).toEqual(after);
  });
});
