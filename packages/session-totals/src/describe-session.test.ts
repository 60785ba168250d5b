import { describe, expect, test } from '@jest/globals';
import { packVersion } from '@throughline/contracts/version';
import { describeSession, isPublished, publishedState, sessionRow } from './describe-session.ts';
import { isLive, LIVE_FOR_MS, sessionFigures } from './session-figures.ts';
import { sampleState } from './session-state-samples.ts';
import { decodeSessionState } from './state-codec.ts';

describe('description of a session', () => {
  test('puts totals and sets into the columns of its snapshot', () => {
    const state = sampleState('s', 4, {
      errors: 1,
      statuses: new Map([
        [500, 1],
        [200, 3],
      ]),
      userIds: { values: ['ann', 'bob'], overflowed: false },
      scores: new Map([
        ['b', 2],
        ['a', 1],
      ]),
    });
    expect(describeSession(state)).toMatchObject({
      tenant_id: 'tenant',
      session_id: 's',
      session_name: 'sample',
      session_names: ['sample'],
      user_ids: ['ann', 'bob'],
      statuses: [200, 500],
      truncated_fields: [],
      total_requests: 4,
      error_count: 1,
      total_cost_pico: 4n * 1_234_567_890n,
      scores: [
        ['a', 1],
        ['b', 2],
      ],
      applied: 4,
    });
  });

  test('puts steps on one path in a row into one run, and spellings of a path into one', () => {
    const step = { at: 0, isError: false, costPico: 5n };
    const totals = sampleState('s', 2).paths.get('/plan')!;
    const state = sampleState('s', 8, {
      paths: new Map([
        ['plan/', totals],
        ['/plan', { ...totals, errors: 1 }],
        ['', totals],
      ]),
      otherPaths: totals,
      steps: [
        { ...step, path: '/plan' },
        { ...step, path: 'plan/', isError: true },
        { ...step, path: '' },
        { ...step, path: null, costPico: 2n ** 70n },
        { ...step, path: '/plan' },
      ],
    });
    const facts = describeSession(state);
    expect(facts.steps).toEqual([
      { path: '/plan', requests: 2, errors: 1, cost_pico: 10n },
      { path: '/', requests: 1, errors: 0, cost_pico: 5n },
      { path: '…', requests: 1, errors: 0, cost_pico: 2n ** 63n - 1n },
      { path: '/plan', requests: 1, errors: 0, cost_pico: 5n },
    ]);
    const once = { requests: 2, errors: 0, cost_pico: totals.costPico, latency_ms: totals.latencyMsSum };
    expect(facts.paths).toEqual([
      { ...once, path: '/' },
      { requests: 4, errors: 1, cost_pico: 2n * totals.costPico, latency_ms: 2n * totals.latencyMsSum, path: '/plan' },
      { ...once, path: '…' },
    ]);
  });

  test('knows no run of a session from before steps were kept, and its paths all the same', () => {
    const facts = describeSession(sampleState('s', 2, { steps: null }));
    expect(facts.steps).toEqual([]);
    expect(facts.paths).toMatchObject([{ path: '/plan', requests: 2 }]);
  });

  test('lists the session keys among the properties, as calls carry them', () => {
    const state = sampleState('s', 1, { names: { values: ['one', 'two'], overflowed: false } });
    expect(describeSession(state).properties).toEqual([
      ['Helicone-Session-Id', ['s']],
      ['Helicone-Session-Name', ['one', 'two']],
      ['Helicone-Session-Path', ['/plan']],
      ['environment', ['production']],
    ]);
  });

  test('names what overflowed, key by key', () => {
    const state = sampleState('s'.repeat(300), 1, {
      names: { values: ['one'], overflowed: true },
      statusesOverflowed: true,
      properties: new Map([['k', { values: [], overflowed: true }]]),
      propertiesOverflowed: true,
      otherPaths: sampleState('s', 1).paths.get('/plan')!,
    });
    expect(describeSession(state).truncated_fields).toEqual([
      'session_names',
      'statuses',
      'paths',
      'properties',
      'properties.Helicone-Session-Id',
      'properties.Helicone-Session-Name',
      'properties.Helicone-Session-Path',
      'properties.k',
    ]);
  });

  test('packs a state into the snapshot that says which snapshot it came from', () => {
    const state = sampleState('s', 7);
    const row = sessionRow(state, { epoch: 3, updatedAt: 99 });
    const version = packVersion(7, 3);
    expect(row).toMatchObject({ version, updated_at: 99, is_deleted: 0, applied: 7 });
    const hydrated = decodeSessionState(row.state);
    expect(hydrated).toEqual({ ...state, snapshotVersion: version, publishedCreatedAt: state.createdAt });
    expect(hydrated).toEqual(publishedState(state, 3));
    expect(isPublished(hydrated)).toBe(true);
    expect(isPublished(state)).toBe(false);
    expect(isPublished({ ...hydrated, applied: 8 })).toBe(false);
  });
});

describe('figures of a session', () => {
  test('follow from the columns alone, so that lists and live reads agree', () => {
    const facts = describeSession(sampleState('s', 4, { errors: 1, unpriced: 2 }));
    expect(sessionFigures(facts)).toEqual({
      duration_ms: 1_004,
      avg_latency: 1_000,
      p95_latency: facts.p95_latency_ms,
      success_rate: 0.75,
      total_tokens: 4_400,
      total_cost: 0.00493827156,
      cost_complete: false,
    });
    expect(facts.p95_latency_ms / 1_000).toBeCloseTo(1, 1);
  });

  test('are finite for a session without requests', () => {
    const facts = describeSession(
      sampleState('s', 0, { latencyBuckets: new Map(), createdAt: 5, latestResponseAt: 0 }),
    );
    expect(sessionFigures(facts)).toMatchObject({ duration_ms: 0, avg_latency: 0, p95_latency: 0, success_rate: 1 });
  });

  test('call a session live for five minutes after its latest request began', () => {
    expect(isLive({ latest_request_at: 1_000 }, 999 + LIVE_FOR_MS)).toBe(true);
    expect(isLive({ latest_request_at: 1_000 }, 1_000 + LIVE_FOR_MS)).toBe(false);
  });
});
