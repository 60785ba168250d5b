import { describe, expect, jest, test } from '@jest/globals';
import { sampleBodyRow, sampleRequestRow } from '@throughline/analytics/sample-rows';
import { encodeRows } from '@throughline/analytics/tables';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { packVersion } from '@throughline/contracts/version';
import { evaluateFilter } from '@throughline/filter-tree/evaluate';
import { type Filter, parseFilter } from '@throughline/filter-tree/parse-filter';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import fc from 'fast-check';
import { listRequests } from '../../src/queries/list-requests.ts';
import { FIXTURES_AT, fixturesOf } from '../fixtures.ts';
import { NOW, store } from '../query-server.ts';
import { recording } from '../recording-store.ts';
import { compareText } from '../selected-sessions.ts';
import { useQueryServer } from '../use-query-server.ts';

// Text in bodies, newest first: as the meaning of the filter says, whichever way the engine finds it.

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

const SEED = seedFromEnv('text in bodies');
const REQUESTS = 600;

const WORDS = [
  ...['refund', 'Refund', 'REFUNDED', 'invoice-8841', 'W029774', 'a', '%', '_', '\\', "it's", '"', '\n', '\0'],
  ...[
    'Straße',
    'STRASSE',
    'İstanbul',
    'ılık',
    'ὈΔΥΣΣΕΎΣ',
    'Ὀδυσσεύς',
    'ﬁnal',
    'ſoft',
    'naïve',
    '日本語',
    '😀',
    '👩‍👩‍👧',
  ],
];

interface Stored {
  readonly row: RequestRow;
  readonly body: RequestBodyRow | undefined;
  /** What was stored of it before, or is left of it. */
  readonly stale: RequestBodyRow | undefined;
  readonly isDeleted: boolean;
  readonly texts: { readonly request_body?: string; readonly response_body?: string };
}

function arbitraryText(random: Random): string {
  // One word in half of all bodies, most in some, and one that hardly any other body has.
  const words = Array.from({ length: random.integer(0, 6) }, () => random.pick(WORDS));
  if (random.chance(0.5)) words.push('common');
  if (random.chance(0.3)) words.push(`rare${random.integer(0, 1_000_000)}`);
  return words.join(random.pick([' ', '', '-']));
}

function arbitraryRequests(random: Random): Stored[] {
  return Array.from({ length: REQUESTS }, (_, i) => {
    // Many at the same instant, so that pages, and what is looked at for them, end among them.
    const second = random.chance(0.4) ? random.integer(0, 10) * 30 : random.integer(0, REQUESTS / 2);
    const at = FIXTURES_AT + second * 1_000;
    const row = sampleRequestRow(i, {
      tenant_id: 'acme',
      session_id: random.chance(0.1) ? '' : `session ${random.integer(0, 400)}`,
      model: random.chance(0.05) ? 'seldom' : 'usual',
      ...{ ordered_at: at, request_at: at, response_at: at + 40, latency_ms: 40, received_at: at + 50 },
      ...{ source_offset: i, version: packVersion(i, 2) },
    });
    const { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at } = row;
    const key = { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at };
    const bodies = (version: bigint) =>
      sampleBodyRow(i, {
        ...key,
        version,
        request_body: Buffer.from(arbitraryText(random)),
        request_encoding: random.chance(0.1) ? 'bytes' : 'utf8',
        response_body: Buffer.from(arbitraryText(random)),
        response_encoding: random.chance(0.1) ? 'gzip' : 'utf8',
      });
    const draw = random.next();
    const body = draw < 0.05 ? undefined : bodies(packVersion(i, 2));
    // A version that was replaced, by another text or by nothing.
    const replaced = draw > 0.7 ? bodies(packVersion(i, 1)) : undefined;
    const isEmptied = draw > 0.9;
    const emptied = {
      ...{ request_body: Buffer.alloc(0), request_encoding: 'deleted' },
      ...{ response_body: Buffer.alloc(0), response_encoding: 'deleted' },
    };
    const current = body && isEmptied ? { ...body, ...emptied } : body;
    return {
      row,
      body: current,
      stale: replaced,
      isDeleted: random.chance(0.05),
      texts: {
        ...(current?.request_encoding === 'utf8' && { request_body: Buffer.from(current.request_body).toString() }),
        ...(current?.response_encoding === 'utf8' && { response_body: Buffer.from(current.response_body).toString() }),
      },
    };
  });
}

const made = arbitraryRequests(createRandom(SEED));
const visible = made.filter(({ isDeleted }) => !isDeleted);

const api = useQueryServer(async (analytics) => {
  await analytics.insert(
    encodeRows(
      'request_bodies',
      made.flatMap(({ stale }) => stale ?? []),
    ),
  );
  const fixtures = fixturesOf(
    made.map(({ row }) => row),
    made.flatMap(({ body }) => body ?? []),
  );
  await store(analytics, fixtures);
  const tombstones = made.flatMap(({ row, isDeleted }) =>
    isDeleted ? [{ ...row, version: packVersion(row.source_offset, 3), is_deleted: 1 as const }] : [],
  );
  await analytics.insert(encodeRows('requests', tombstones));
  // The same texts of another tenant, all of them newer.
  const theirs = made.slice(0, 100).flatMap(({ row, body }) => (body ? [{ row, body }] : []));
  const moved = <Row extends RequestRow | RequestBodyRow>(row: Row) => ({
    ...row,
    tenant_id: 'rival',
    ordered_at: row.ordered_at + 86_400_000,
  });
  await store(
    analytics,
    fixturesOf(
      theirs.map(({ row }) => moved(row)),
      theirs.map(({ body }) => moved(body)),
    ),
  );
});

function parsed(tree: unknown): Filter {
  const result = parseFilter(tree);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.filter;
}

function meant(filter: Filter): string[] {
  return visible
    .filter(({ row, texts }) => evaluateFilter(filter, { ...row, ...texts }, undefined, NOW))
    .map(({ row }) => row)
    .toSorted(
      (a, b) =>
        b.ordered_at - a.ordered_at || compareText(a.request_id, b.request_id) || a.source_offset - b.source_offset,
    )
    .map(({ request_id }) => request_id);
}

/** Cut out of a body, whole words and parts of them, in some case. */
const cutOut = fc
  .tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 14 }), fc.constantFrom('as it is', 'upper', 'lower'))
  .map(([which, from, length, letters]) => {
    const texts = made.flatMap((one) => Object.values(one.texts)).filter((text) => text !== '');
    const characters = [...texts[which % texts.length]!];
    const start = from % characters.length;
    const text = characters.slice(start, start + length).join('');
    return letters === 'upper' ? text.toUpperCase() : letters === 'lower' ? text.toLowerCase() : text;
  });
const needle = fc.oneof(
  { weight: 4, arbitrary: cutOut },
  { weight: 2, arbitrary: fc.constantFrom(...WORDS, 'common', 'commo', 'rare', '', 'is nowhere') },
);
const request = (column: string, condition: object) => ({ request_response_rmt: { [column]: condition } });
const onBody = fc
  .tuple(
    fc.constantFrom('request_body', 'response_body'),
    fc.constantFrom('contains', 'contains', 'contains', 'like', 'ilike', 'equals', 'not-contains'),
    needle,
  )
  .map(([column, operator, text]) => {
    const isPattern = operator === 'like' || operator === 'ilike';
    return request(column, { [operator]: isPattern ? `%${text}%` : text });
  });
const other = fc.oneof(
  fc.constantFrom(request('model', { equals: 'seldom' }), request('model', { equals: 'usual' })),
  fc
    .tuple(fc.constantFrom('gte', 'lt'), fc.integer({ min: 0, max: REQUESTS / 2 }))
    .map(([operator, at]) =>
      request('request_created_at', { [operator]: new Date(FIXTURES_AT + at * 1_000).toISOString() }),
    ),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: onBody },
    { weight: 1, arbitrary: other },
    {
      weight: 4,
      arbitrary: fc.record({ left: tie('tree'), operator: fc.constantFrom('and', 'and', 'or'), right: tie('tree') }),
    },
  ),
}));
const page = fc.record({ limit: fc.integer({ min: 0, max: 80 }), offset: fc.constantFrom(0, 0, 0, 1, 7, 60, 300) });

describe(`requests with a text in their bodies, newest first (SEED=${SEED})`, () => {
  test('are those that the filter means, on every page', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(onBody, tree), page, async (filter, { limit, offset }) => {
        const answer = await api.server.call({
          path: '/v1/request/query-clickhouse',
          body: { filter, limit, offset },
          key: 'acme:rw',
        });
        if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
        const ids = answer.json.data.map(({ request_id }: { request_id: string }) => request_id);
        expect(ids).toEqual(meant(parsed(filter)).slice(offset, offset + limit));
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  const contains = (text: string) => request('request_body', { contains: text });
  const never = { left: contains('common'), operator: 'and', right: request('model', { equals: 'of nobody' }) };

  test.each([
    ['a frequent text: by the newest bodies that have it', contains('common'), 'requests of bodies'],
    ['a text that is nowhere: by one look at the bodies', contains('is nowhere'), 'bodies'],
    ['a text that something else passes over: by all requests in the end', never, 'all requests'],
    ['what no body has to say: by all requests', request('request_body', { 'not-contains': 'common' }), 'all requests'],
  ])('%s', async (_, given, last) => {
    const analytics = recording(api.analytics);
    const filter = parsed(given);
    const order = { by: 'created_at', direction: 'desc' } as const;
    const listing = { tenantId: 'acme', filter, nowMs: NOW, order, limit: 5, offset: 0, isScored: undefined };
    const rows = await listRequests(analytics, listing);
    expect(rows.map(({ request_id }) => request_id)).toEqual(meant(filter).slice(0, 5));
    const { params = {} } = analytics.asked.at(-1)!;
    expect('hits' in params ? 'bodies' : 'bodyTimes' in params ? 'requests of bodies' : 'all requests').toBe(last);
  });
});
