import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { sampleBodyRow, sampleRequestRow } from '@throughline/analytics/sample-rows';
import { encodeRows } from '@throughline/analytics/tables';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { masksOf } from '@throughline/masking/masking-rules';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import fc from 'fast-check';
import { requestElsewhere } from '../../src/queries/request-elsewhere.ts';
import { type ApplyingLog, applyingLog } from '../applying-log.ts';
import { type Fixtures, fixturesOf, sessionIdOf, variedRequests } from '../fixtures.ts';
import { plainKey, type QueryServer, startQueryServer, store } from '../query-server.ts';

jest.setTimeout(120_000);

// Sessions as the aggregator stores them, taken from one tenant to another: over the real engine, with its own folding of what
// is recorded.

const SESSIONS = 6;
const LONG = 'a long one';
const LONG_REQUESTS = 230;

let dir: TempDir;
let analytics: AnalyticsStore;
let log: ApplyingLog;
let server: QueryServer;
let acme: Fixtures;

beforeAll(async () => {
  dir = await createTempDir('bundle');
  analytics = await openEmbeddedAnalytics({ dir: `${dir.path}/engine` });
  log = applyingLog(analytics, 1_000_000);
  server = await startQueryServer(analytics, { annotations: log.ports, totals: log.totals, spoolFolder: dir.path });
  acme = acmeFixtures();
  await store(analytics, acme);
});
afterAll(async () => {
  await server?.close();
  await analytics?.close();
  await dir?.remove();
});

function acmeFixtures(): Fixtures {
  const varied = variedRequests('acme', SESSIONS, 0).map(
    (row, at): RequestRow => ({
      ...row,
      scores: at % 3 === 0 ? [['__proto__', 0.5] as const] : [],
      former_properties: at % 4 === 0 ? [['env', ['test', 'dev']] as const] : [],
      attempts: at % 5 === 0 ? [{ target: 'https://x.example', status: 503, latency_ms: 7 }] : [],
      cache_reference_id: at % 7 === 0 ? 'another' : '',
    }),
  );
  const rows = [...varied, ...longRequests()].map((row, at) => ({
    ...row,
    response_truncated: at % ANSWERS === MISSING,
  }));
  return fixturesOf(rows, rows.map(bodyOf));
}

/** Several at the same instant. */
function longRequests(): RequestRow[] {
  const [like] = variedRequests('acme', 1, 500);
  return Array.from({ length: LONG_REQUESTS }, (_, at) => {
    const startedAt = like!.request_at + Math.floor(at / 3);
    const id = `0198c0de-0000-7000-8000-${(9_999 - at).toString(16).padStart(12, '0')}`;
    const time = { request_at: startedAt, ordered_at: startedAt, response_at: startedAt + at, latency_ms: at };
    const names = {
      session_id: LONG,
      session_name: `name ${at}`,
      event_id: id,
      request_id: id,
    };
    return { ...like!, ...time, ...names, source_offset: 1_000 + at, status: 200, is_error: false, error_type: '' };
  });
}

const BINARY = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** Kinds of answers that take turns, and which of them is one that was lost. */
const ANSWERS = 7;
const MISSING = 3;

/** Text, bytes, what could not be undone, nothing, what was deleted, and what is long. */
function bodyOf(row: RequestRow, at: number): RequestBodyRow {
  const { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version } = row;
  const place = {
    tenant_id,
    session_id,
    ordered_at,
    request_id,
    source_partition,
    source_offset,
    received_at,
    version,
  };
  const answers: readonly [string, Buffer][] = [
    ['utf8', Buffer.from(`{"content":"näher \u2028 ${at}"}`)],
    ['bytes', BINARY],
    ['gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3])],
    ['missing', Buffer.alloc(0)],
    ['utf8', Buffer.alloc(100_000 + at, 'long ')],
    ['utf8', Buffer.alloc(300, 0)],
    ['utf8', at % 100 === 6 ? Buffer.alloc(5_000_000, 'longer ') : Buffer.alloc(0)],
  ];
  const [encoding, bytes] = answers[at % ANSWERS]!;
  return sampleBodyRow(at, { ...place, response_body: bytes, response_encoding: encoding });
}

async function exported(key: string, session: string, query = '?mask=false', at = server): Promise<Buffer> {
  const answer = await fetch(`${at.url}/v1/session/${encodeURIComponent(session)}/export${query}`, {
    headers: { authorization: `Bearer ${plainKey(key)}` },
  });
  expect([session, answer.status]).toEqual([session, 200]);
  return Buffer.from(await answer.arrayBuffer());
}

const imported = (key: string, file: string | Buffer, query = '', at = server) =>
  at.call({ method: 'POST', path: `/v1/session/import${query}`, body: file.toString(), key });

// biome-ignore lint/suspicious/noExplicitAny: whatever is in a line
type Line = Record<string, any>;

const linesOf = (file: Buffer): Line[] =>
  file
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** A file of these lines, which says of itself what is so. */
function sealed(lines: readonly Line[]): string {
  const requests = lines.filter(({ kind }) => kind === 'request').length;
  const before = lines
    .filter(({ kind }) => kind !== 'end')
    .map((line) => JSON.stringify(line.totals ? { ...line, totals: { ...line.totals, requests } } : line));
  const text = `${before.join('\n')}\n`;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return `${text}${JSON.stringify({ kind: 'end', requests, sha256 })}\n`;
}

/** Of a session of another id, whose first request is of this one. */
function renamedLine(line: Line, at: number, requestId: string): Line {
  if (at === 0) return { ...line, session_id: 'of one alone', session: { session_id: 'of one alone' } };
  if (line.kind === 'end') return line;
  return { ...line, request_id: at === 1 ? requestId : `0198c0de-0000-7000-a000-00000000000${at}` };
}

const MUTATIONS = 30;

/** What stands in a line may become. */
const anything = fc.oneof(
  fc.constantFrom('', '-5', '0', '\ud800', '\0', '__proto__', 'deleted', 'missing', 'utf8', 'x'.repeat(70_000)),
  fc.constantFrom(null, true, false, -1, 0, -0, 1e3, 0.5, 2 ** 53, 1e300, 9.2e18, -3, 500),
  fc.jsonValue({ maxDepth: 2 }),
  fc.integer(),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** Something in one of its lines is another, or a line is gone, twice, or in another place. */
type Mutation =
  | { readonly what: 'value'; readonly line: number; readonly place: number; readonly value: unknown }
  | { readonly what: 'gone' | 'twice' | 'moved'; readonly line: number; readonly to: number };

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ what: fc.constant('value' as const), line: fc.nat(), place: fc.nat(), value: anything }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('gone' as const, 'twice' as const, 'moved' as const),
      line: fc.nat(),
      to: fc.nat(),
    }),
  },
);

function mutated(lines: readonly Line[], mutation: Mutation): Line[] {
  const at = mutation.line % lines.length;
  const line = structuredClone(lines[at]!);
  if (mutation.what !== 'value') {
    const rest = mutation.what === 'twice' ? lines : lines.toSpliced(at, 1);
    return mutation.what === 'gone' ? [...rest] : rest.toSpliced(mutation.to % (rest.length + 1), 0, line);
  }
  const places = placesIn(line);
  const [holder, key] = places[mutation.place % places.length]!;
  holder[key] = mutation.value;
  return lines.with(at, line);
}

function placesIn(value: Line): [Line, string][] {
  return Object.keys(value).flatMap((key): [Line, string][] => {
    const inner = value[key];
    return [[value, key], ...(typeof inner === 'object' && inner !== null ? placesIn(inner) : [])];
  });
}

/** Everything in a file but when it was written, and the ids of events. */
function contentOf(file: Buffer): Record<string, unknown>[] {
  return file
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { exported_at: _, event_id: __, sha256: ___, ...rest } = JSON.parse(line) as Record<string, unknown>;
      return rest;
    });
}

describe('a session that is taken along', () => {
  test('is what it was, whatever it is called and whatever is in it', async () => {
    for (const session of [...Array.from({ length: SESSIONS }, (_, at) => sessionIdOf(at)), LONG]) {
      const file = await exported('acme:r', session);
      const { status, json } = await imported('rival:w', file);
      expect([session, status, json.data?.differences]).toEqual([session, 200, []]);
      expect(contentOf(await exported('rival:rw', session))).toEqual(contentOf(file));
    }
    const [header, ...lines] = contentOf(await exported('rival:rw', LONG));
    expect(header).toMatchObject({ totals: { requests: LONG_REQUESTS }, session: { session_name: 'name 228' } });
    expect(lines).toHaveLength(LONG_REQUESTS + 1);
  });

  test('is recorded once, and goes on where an import ended because the log was full', async () => {
    const session = acme.states.find(({ requests }) => requests >= 3 && requests < 20)!;
    const file = await exported('acme:r', session.sessionId);
    log.room = 2;
    const cut = await imported('empty:w', file);
    log.room = Number.POSITIVE_INFINITY;
    expect([cut.status, cut.json.error]).toEqual([
      503,
      expect.stringContaining(`2 of ${session.requests} requests were recorded`),
    ]);
    await log.ports.applied.until({} as never, {} as never, new AbortController().signal);
    const rest = await imported('empty:w', file);
    expect(rest.json.data).toMatchObject({ imported: session.requests - 2, differences: [] });
    expect(contentOf(await exported('empty:r', session.sessionId))).toEqual(contentOf(file));
    const again = await imported('empty:w', file);
    expect([again.status, again.json.error]).toEqual([
      409,
      expect.stringContaining('with everything that is in the file'),
    ]);
  });

  test('is not recorded into a session of other requests', async () => {
    const file = await exported('acme:r', sessionIdOf(0));
    const { status, json } = await imported('acme:w', file, `?as=${encodeURIComponent(sessionIdOf(1))}`);
    expect([status, json.error]).toEqual([409, expect.stringContaining('of other requests')]);
  });

  test('is not written where a parameter says neither yes nor no', async () => {
    const asked = async (query: string) => {
      const { status, json } = await server.call({
        path: `/v1/session/${encodeURIComponent(LONG)}/export?${query}`,
        key: 'acme:r',
      });
      return [status, (json as { error: string }).error];
    };
    expect(await asked('mask=no')).toEqual([400, 'The query parameter mask has to be true or false']);
    expect(await asked('gzip=1')).toEqual([400, 'The query parameter gzip has to be true or false']);
    expect(await asked('mask=false&mask=true')).toEqual([400, 'The query parameter mask has to be given once']);
  });

  test('leaves no request in two sessions: a file whose session was given another id by hand is refused', async () => {
    const session = acme.states.filter(({ requests }) => requests >= 3 && requests < 20)[1]!.sessionId;
    const file = await exported('acme:r', session);
    const [header, ...rest] = linesOf(file);
    const renamed = sealed([{ ...header, session_id: 'by hand', session: { session_id: 'by hand' } }, ...rest]);
    const { status, json } = await imported('acme:w', renamed);
    const first = rest.map(({ request_id }) => request_id).toSorted()[0];
    expect([status, json.error]).toEqual([
      409,
      `Request ${first} of the file is there already, in session ${session}: give the session another id (?as=, --as), so that its requests get ids of their own; nothing was recorded`,
    ]);
    expect((await server.call({ path: '/v1/session/by%20hand', key: 'acme:r' })).status).toBe(404);
    // One of them is enough, and of the others nothing is recorded.
    const other = (at: number) => `0198c0de-0000-7000-8000-0000000f000${at}`;
    const own = rest.slice(0, -1).map((line, at) => (at === 1 ? line : { ...line, request_id: other(at) }));
    expect((await imported('acme:w', sealed([header!, ...own]), '?as=by-hand')).status).toBe(200);
    const again = await imported(
      'acme:w',
      sealed([{ ...header, session_id: 'again', session: { session_id: 'again' } }, ...own]),
    );
    expect([again.status, again.json.error]).toEqual([
      409,
      expect.stringContaining(`Request ${rest[1]!.request_id} of`),
    ]);
    expect((await imported('acme:w', renamed, '?as=with-own-ids')).json.data).toMatchObject({ differences: [] });
    expect((await imported('empty:w', renamed)).json.data).toMatchObject({ session_id: 'by hand', differences: [] });
  });

  test('has one value of each name, the last, where a file has two', async () => {
    const [header, call] = linesOf(await exported('acme:r', sessionIdOf(0)));
    const two = [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ];
    const scores = [
      ['s', 1],
      ['s', 2],
    ];
    const said = {
      properties: two,
      former_properties: [
        ['a', ['0']],
        ['a', []],
      ],
      scores,
      request_headers: two,
    };
    const { json } = await imported('acme:w', sealed([header!, { ...call, ...said }]), '?as=twice%20named');
    expect(json.data).toMatchObject({ imported: 1 });
    expect(linesOf(await exported('acme:r', 'twice named'))[1]).toMatchObject({
      properties: [
        ['a', '3'],
        ['b', '2'],
      ],
      former_properties: [['a', []]],
      scores: [['s', 2]],
      request_headers: [
        ['a', '3'],
        ['b', '2'],
      ],
    });
    const state = log.states.get(JSON.stringify(['acme', 'twice named']))!;
    expect([...state.properties.get('a')!.values]).toEqual(['3']);
  });

  test('finds a request in another session or in none, however many are looked for, and of no other tenant', async () => {
    const [known] = acme.requests;
    const ids = Array.from({ length: 10_001 }, (_, at) => `0198c0de-0000-7000-9000-${String(at).padStart(12, '0')}`);
    const asked = [...ids, known!.request_id];
    const found = { request_id: known!.request_id, session_id: known!.session_id };
    expect(await requestElsewhere(analytics, 'acme', 'another', asked)).toEqual(found);
    expect(await requestElsewhere(analytics, 'acme', known!.session_id, asked)).toBeUndefined();
    expect(await requestElsewhere(analytics, 'nobody', 'another', asked)).toBeUndefined();
    expect(await requestElsewhere(analytics, 'acme', 'another', ids)).toBeUndefined();
    expect(await requestElsewhere(analytics, 'acme', 'another', [])).toBeUndefined();
    const alone = sampleRequestRow(9_000_000, { tenant_id: 'acme', session_id: '' });
    await analytics.insert(encodeRows('requests', [alone]));
    const { status, json } = await imported(
      'acme:w',
      sealed(
        linesOf(await exported('acme:r', sessionIdOf(0))).map((line, at) => renamedLine(line, at, alone.request_id)),
      ),
    );
    expect([status, json.error]).toEqual([
      409,
      expect.stringContaining('is there already, in no session: give the session another id'),
    ]);
  });

  test('is refused, or is a session that goes on to another tenant as it is, whatever was changed in its file', async () => {
    const session = acme.states.find(({ requests }) => requests >= 3 && requests < 20)!.sessionId;
    const lines = linesOf(await exported('acme:r', session, '?mask=false'));
    let turn = 0;
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const file = sealed(mutations.reduce(mutated, lines));
        const id = `mutated-${turn++}`;
        const first = await imported('acme:w', file, `?as=${id}`);
        if (first.status !== 200) {
          expect([400, 409]).toContain(first.status);
          expect((await server.call({ path: `/v1/session/${id}`, key: 'acme:r' })).status).toBe(404);
          return;
        }
        taken++;
        const again = await exported('acme:r', id, '?mask=false');
        const second = await imported('rival:w', again);
        expect([second.status, second.json.data?.differences, second.json.error]).toEqual([200, [], null]);
        expect(contentOf(await exported('rival:rw', id, '?mask=false'))).toEqual(contentOf(again));
      }),
      { numRuns: MUTATIONS },
    );
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(turn);
  });

  test('is said to be recorded where it does not show in time', async () => {
    const file = await exported('acme:r', sessionIdOf(0));
    log.isApplying = false;
    const late = await imported('acme:w', file, '?as=late');
    log.isApplying = true;
    expect(late.status).toBe(503);
    expect(late.json.error).toMatch('It is recorded and will show');
  });

  test('is masked by the rules of the instance that it comes to', async () => {
    const rules = masksOf({ literals: ['Course', 'näher', 'prod', 'ada'] });
    const masking = await startQueryServer(analytics, { annotations: log.ports, totals: log.totals, masking: rules });
    try {
      for (const session of [sessionIdOf(0), LONG]) {
        const { json } = await imported('acme:w', await exported('acme:r', session), `?as=masked-${session}`, masking);
        expect(json.data.imported).toBeGreaterThan(0);
        const stored = (await exported('acme:r', `masked-${session}`)).toString();
        expect([...stored.matchAll(/"kind":"request".*(Course|näher|"prod|"ada").*/g)]).toEqual([]);
        expect(stored).toContain('[masked]');
      }
    } finally {
      await masking.close();
    }
  });

  test('leaves no file behind, whatever became of it', async () => {
    await imported('acme:w', 'no file');
    expect((await readdir(dir.path)).filter((name) => name.startsWith('import-'))).toEqual([]);
  });
});

describe('what cannot be done', () => {
  test('an export of a session whose requests are not all there is refused, and cut off where they go meanwhile', async () => {
    const [state] = acme.states;
    const key = JSON.stringify(['acme', 'partly']);
    log.states.set(key, { ...state!, sessionId: 'partly', requests: state!.requests + 1 });
    const { status, json } = await server.call({ path: '/v1/session/partly/export', key: 'acme:r' });
    expect([status, json.error]).toEqual([503, 'Requests of the session were deleted while it was read: try again']);
    const query = analytics.query;
    let isGone = false;
    const going = {
      ...analytics,
      query: async <T>(asked: Parameters<typeof query>[0]) => {
        const rows = await analytics.query<T>(asked);
        return isGone && asked.sql.includes('request_headers') ? [] : rows;
      },
    };
    const other = await startQueryServer(going, { totals: log.totals });
    isGone = true;
    try {
      await expect(exported('acme:r', LONG, '', other)).rejects.toThrow('terminated');
    } finally {
      await other.close();
    }
  });

  test.each(['', 'x'.repeat(8_193)])('an id that is none is refused: %#', async (id) => {
    const { status, json } = await imported('acme:w', 'no file', `?as=${encodeURIComponent(id)}`);
    expect([status, json.error]).toEqual([400, 'The id of a session is a text of 1 to 8192 characters']);
  });

  test('an id that looks like SQL stays an id', async () => {
    const id = `' OR 1=1; DROP TABLE requests; -- {tenant:String} %_\\`;
    const { json } = await imported(
      'acme:w',
      await exported('acme:r', sessionIdOf(3)),
      `?as=${encodeURIComponent(id)}`,
    );
    expect(json.data).toMatchObject({ session_id: id, differences: [] });
    expect(contentOf(await exported('acme:r', id))[0]).toMatchObject({ session_id: id });
  });

  test('one import of a tenant waits for the other, and those of others do not', async () => {
    const { port } = new URL(server.url);
    const { promise: sent, resolve: finish } = Promise.withResolvers<void>();
    const slow = fetch(`http://127.0.0.1:${port}/v1/session/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${plainKey('acme:w')}` },
      body: ReadableStream.from(
        (async function* () {
          yield new Uint8Array([123]);
          await sent;
        })(),
      ) as never,
      duplex: 'half',
    } as RequestInit);
    let other: Awaited<ReturnType<typeof imported>>;
    do other = await imported('acme:w', 'no file');
    while (other.status === 400);
    expect([other.status, other.json.error]).toEqual([
      429,
      'Another import of this tenant is under way: it has to end first',
    ]);
    expect((await imported('rival:w', 'no file')).status).toBe(400);
    finish();
    expect((await slow).status).toBe(400);
    expect((await imported('acme:w', 'no file')).status).toBe(400);
  });
});
