import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { sampleBodyRow } from '@throughline/analytics/sample-rows';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { masksOf } from '@throughline/masking/masking-rules';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
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

/** Several at the same instant, some ids twice. */
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
      request_id: at % 50 === 0 ? 'twice' : id,
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
