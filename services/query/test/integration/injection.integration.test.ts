import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import type { KeyRecord } from '@throughline/contracts/keys';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { Request } from 'express';
import type { QueryDeps } from '../../src/query-deps.ts';
import { queryRoutes } from '../../src/query-router.ts';
import type { RouteCall } from '../../src/route.ts';
import { isPublic } from '../../src/route.ts';
import { recordingLog } from '../annotation-log.ts';
import { fieldsOf } from '../body-fields.ts';
import { everyLeaf, leafOn } from '../every-leaf.ts';
import { fixturesOf, sessionIdOf, variedRequests } from '../fixtures.ts';
import { type ApiAnswer, type ApiCall, NOW, type QueryServer, startQueryServer, store } from '../query-server.ts';
import { readsWithoutTenant } from '../reads-without-tenant.ts';
import { type RecordingStore, recording } from '../recording-store.ts';
import { bodiesOf, filterFieldOf, nameOf, parametersOf, pathOf, takesUsers } from '../route-calls.ts';

// Whatever a caller writes anywhere stays a value: every field of every body, every path and query parameter, and every
// column of a filter holds what SQL, JSON, LIKE or JavaScript could trip over, and what is sent to the engine is read.

// Some thousand calls, on a machine that may be busy.
jest.setTimeout(300_000);

/** Stand in what callers send, and in no SQL that is written here. */
const MARKS = ['zqx', '__proto__', '98765432', '9.8765432'];

const TEXTS: readonly string[] = [
  `zqx' OR 1=1; DROP TABLE requests; -- " \` /* # $zqx$ {zqx:String} {tenant:String} ) OR (zqx`,
  `zqx\\' OR 'zqx' = 'zqx\\`,
  'zqx\0\ud800 %zqx%_\udfff\n',
  '__proto__',
  '98765432109876543210',
];
const OTHERS: readonly unknown[] = [
  9.8765432e307,
  -9.8765432e307,
  98765432109876540000,
  null,
  JSON.parse('{"__proto__": {"zqx": 1}, "constructor": 1}'),
];

const ROUTES = queryRoutes({ config: {} } as QueryDeps);
const withBody = ROUTES.flatMap((route) => {
  const bodies = bodiesOf(route);
  return bodies === undefined ? [] : [{ route, schema: bodies.schema, example: bodies.examples[0] }];
});
const ROWS = variedRequests('acme', 4, 0);
/** A session of several requests, so that its pages have cursors. */
const LONGEST = Object.entries(Object.groupBy(ROWS, (row) => row.session_id)).find(([, rows]) => rows!.length > 1)![0];
const IDS: Readonly<Record<string, string>> = {
  sessionId: sessionIdOf(1),
  otherSessionId: sessionIdOf(2),
  requestId: ROWS[0]!.request_id,
  propertyKey: 'env',
  userId: 'ada',
  apiKeyId: 'key-1',
  viewId: 'view-1',
  webhookId: 'webhook-1',
  replayId: ROWS[0]!.request_id,
  partition: '0',
  offset: '1',
};

let recorded: RecordingStore;
const said = recordingLog();
let server: QueryServer;
let close: () => Promise<void>;

beforeAll(async () => {
  const dir = await createTempDir('injection');
  const analytics = await openEmbeddedAnalytics({ dir: dir.path });
  recorded = recording(analytics);
  // Lists never show what is said here: whoever waits for it need not wait long.
  server = await startQueryServer(recorded, { annotations: said, config: { annotationWaitMs: 50 } });
  close = async () => {
    await server.close();
    await analytics.close();
    await dir.remove();
  };
  await store(analytics, fixturesOf(ROWS));
});

afterAll(async () => await close?.());

/** What is asked of the engine for these calls, after everything that has to hold of any call was checked. */
async function expectHarmless(calls: readonly ApiCall[]): Promise<{ answers: ApiAnswer[]; params: string }> {
  const from = recorded.asked.length;
  const answers: ApiAnswer[] = [];
  for (const call of calls) {
    const before = recorded.asked.length;
    const answer = await server.call({ key: 'acme:rw', ...call });
    answers.push(answer);
    const about = [call.method, call.path, JSON.stringify(call.body)];
    // Never our fault, and no refusal by the engine either.
    expect([...about, answer.status, answer.status >= 500 ? answer.text : '']).toEqual([...about, answer.status, '']);
    for (const { sql, params } of recorded.asked.slice(before)) {
      expect([...about, MARKS.filter((mark) => sql.toLowerCase().includes(mark)), sql]).toEqual([...about, [], sql]);
      expect([...about, readsWithoutTenant(sql), params?.tenant]).toEqual([...about, [], 'acme']);
    }
  }
  return { answers, params: JSON.stringify(recorded.asked.slice(from).map(({ params }) => params)) };
}

describe('a caller writes SQL into', () => {
  test.each(withBody.map((one) => [nameOf(one.route), one] as const))(
    'each field of %s, and it stays a value',
    async (_, { route, schema, example }) => {
      const isFirst = withBody.find((other) => other.schema === schema)!.route === route;
      const call = { method: route.method.toUpperCase(), path: pathOf(route, IDS) };
      for (const field of fieldsOf(schema)) {
        // Endpoints that share a schema refuse the same: all of what has no place there is sent to the first of them.
        const others = isFirst ? ['-0.98765432', ...OTHERS] : OTHERS.slice(0, 1);
        const values = field.takes === 'text' ? TEXTS : [TEXTS[0], ...others];
        const { answers } = await expectHarmless(
          values.map((value) => ({ ...call, body: field.with(example, value) })),
        );
        // A text is either taken or refused with a sentence; it is never the shape that is wrong.
        if (field.takes === 'text') {
          const statuses = answers.map(({ status }) => status);
          expect([field.path, statuses.filter((status) => status === 422)]).toEqual([field.path, []]);
        }
      }
      const unknown = Object.fromEntries([[TEXTS[0], 1]]);
      await expectHarmless([
        { ...call, body: { ...example, ...unknown } },
        { ...call, body: [example] },
      ]);
    },
  );

  test('each text in each branch of a union, because all of them are among the fields', () => {
    const textsOf = (path: string) => {
      const { schema } = withBody.find(({ route }) => route.path === path)!;
      const fields = fieldsOf(schema).filter(({ takes }) => takes === 'text');
      return fields.map((field) => field.path.join('.'));
    };
    const ofPattern = [
      'steps.[].path',
      'at.path',
      'at.noneOf.[]',
      'next.path',
      'next.noneOf.[]',
      'loop.from',
      'loop.to',
    ];
    const ofSelection = ['search', 'nameEquals', ...ofPattern.map((path) => `pattern.${path}`)];
    const ofGroups = ['groups.a.', 'groups.b.'].flatMap((group) => ofSelection.map((path) => group + path));
    expect(textsOf('/v1/session/contrast/query')).toEqual([...ofSelection, ...ofGroups]);
    expect(textsOf('/v1/session/query')).toEqual(expect.arrayContaining(ofSelection));
  });

  const parametrised = ROUTES.filter((route) => parametersOf(route).length > 0);
  test.each(parametrised.map((route) => [nameOf(route), route] as const))(
    'each part of the path of %s, and it stays a value',
    async (_, route) => {
      const body = bodiesOf(route)?.examples[0];
      const key = route.access === 'operate' ? 'acme:operator' : 'acme:rw';
      const call = { method: route.method.toUpperCase(), key, ...(body && { body }) };
      for (const name of parametersOf(route)) {
        const { params, answers } = await expectHarmless(
          TEXTS.map((text) => ({ ...call, path: pathOf(route, { ...IDS, [name]: text.toWellFormed() }) })),
        );
        const areRefused = answers.every(({ status }) => status === 400);
        if (!isPublic(route) && !areRefused) {
          expect(params + JSON.stringify(said.events)).toContain('DROP TABLE requests');
        }
        const raw = ['%', '%zq', '%ED%A0%80', '%00', '%2e%2e%2f', 'zqx%27'];
        await expectHarmless(raw.map((text) => ({ ...call, path: route.path.replace(`:${name}`, text) })));
      }
    },
  );

  test('each parameter in the query of a URL, and it stays a value', async () => {
    let parameters = 0;
    for (const route of ROUTES.filter(({ method }) => method === 'get')) {
      for (const name of await queryParametersOf(route)) {
        parameters++;
        const path = pathOf(route, IDS);
        const values = [...TEXTS, '', '-1', '1e9', 'true'].map((text) => encodeURIComponent(text.toWellFormed()));
        await expectHarmless([
          ...values.map((value) => ({ path: `${path}?${name}=${value}` })),
          { path: `${path}?${name}=a&${name}=b` },
          { path: `${path}?${name}[__proto__]=zqx` },
          { path: `${path}?${name}=%ED%A0%80%` },
        ]);
      }
    }
    expect(parameters).toBeGreaterThanOrEqual(4);
  });

  test('cursors that look like ours, and they stay values', async () => {
    const path = `/v1/session/${encodeURIComponent(LONGEST)}/requests`;
    const { json } = await server.call({ path: `${path}?limit=1`, key: 'acme:r' });
    const pages = withBody.find(({ route }) => route.path === '/v1/session/query')!;
    const list = await server.call({ path: '/v1/session/query', body: { ...pages.example, limit: 1 }, key: 'acme:r' });
    for (const cursor of [json.next_cursor, list.json.next_cursor]) {
      const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
      const forged = parts.flatMap((_, at) =>
        [...TEXTS, ...OTHERS].map((value) =>
          Buffer.from(JSON.stringify(parts.with(at, value as string))).toString('base64url'),
        ),
      );
      await expectHarmless(
        forged.flatMap((text) => [
          { path: `${path}?cursor=${text}` },
          { path: '/v1/session/query', body: { ...pages.example, cursor: text } },
        ]),
      );
    }
  });

  test('every column of a filter with every operator, and keys of maps, and it stays a value', async () => {
    const filtering = withBody.filter(({ route }) => filterFieldOf(route) !== undefined);
    const ofUsers = filtering.filter(({ route }) => takesUsers(route));
    const leaves = everyLeaf((kind, column) => {
      if (column === 'scores_column') return { value: '{}' };
      if (kind === 'text' || kind === 'property' || kind === 'property-key') return { value: TEXTS[0], key: TEXTS[1]! };
      if (kind === 'boolean') return { value: true };
      if (kind === 'time') return { value: '9876-05-04T03:02:01.987Z' };
      return { value: -9.8765432e307, key: TEXTS[0]! };
    });
    // A few operators of one column in each call: as many looks into other tables as a filter may have.
    const columns = [...Map.groupBy(leaves, ({ column }) => column).values()];
    const some = columns.flatMap((of) => [of.slice(0, 3), of.slice(3)]).filter((of) => of.length > 0);
    const { answers, params } = await expectHarmless(
      some.map((of, index) => {
        const filters = of.flatMap(({ column, operator, filter }) =>
          JSON.stringify(filter).includes('DROP') && !JSON.stringify(filter).includes('"scores"')
            ? TEXTS.map((text) => leafOn(column, operator, text, text))
            : [filter],
        );
        const filter = filters.reduce((left, right) => ({ left, operator: 'or', right }));
        const among = of[0]!.level === 'user' ? ofUsers : filtering;
        const { route, example } = among[index % among.length]!;
        return { method: route.method.toUpperCase(), path: pathOf(route, IDS), body: { ...example, filter } };
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 201]));
    for (const text of TEXTS) expect(params).toContain(JSON.stringify(text.toWellFormed()).slice(1, -1));
  });
});

/** Which parameters an endpoint reads from the query of a URL: those it asks for. */
async function queryParametersOf(route: (typeof ROUTES)[number]): Promise<Set<string>> {
  const names = new Set<string>();
  const query = new Proxy(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  const key: KeyRecord = { hash: '', id: 'key', tenantId: 'acme', permissions: ['rw'] };
  const deps = {
    analytics: recorded,
    totals: { read: async () => undefined },
    clock: { now: () => NOW },
    config: {},
  } as unknown as QueryDeps;
  const same = queryRoutes(deps).find((other) => nameOf(other) === nameOf(route))!;
  const req = { params: IDS, query, headers: {} } as unknown as Request;
  await same.handle({ key, req, body: undefined, analytics: recorded } satisfies RouteCall).catch(() => {});
  return names;
}

describe('what reads a table without its tenant is found', () => {
  const SELECT = 'SELECT a FROM requests AS r FINAL';
  test.each([
    [`${SELECT} WHERE r.tenant_id = {tenant:String} AND (a OR b)`, 0],
    [`${SELECT} WHERE (tenant_id = {tenant:String} AND a)\n AND b ORDER BY a`, 0],
    [`SELECT a FROM (${SELECT} WHERE tenant_id = {tenant:String}) AS x WHERE a = 'FROM sessions'`, 0],
    [SELECT, 1],
    [`${SELECT} WHERE a ORDER BY tenant_id = {tenant:String}`, 1],
    [`${SELECT} WHERE r.tenant_id = {tenant:String} OR a`, 1],
    [`${SELECT} WHERE (r.tenant_id = {tenant:String} OR a) AND b`, 1],
    [`${SELECT} WHERE NOT (r.tenant_id = {tenant:String})`, 1],
    [`${SELECT} WHERE a = '\\' AND r.tenant_id = {tenant:String}'`, 1],
    [`${SELECT} WHERE q.tenant_id = {tenant:String}`, 1],
    [`${SELECT} WHERE r.tenant_id = {tenant:String} AND a IN (SELECT a FROM sessions WHERE b)`, 1],
    [`SELECT a FROM (${SELECT}) WHERE tenant_id = {tenant:String}`, 1],
    [`${SELECT} INNER JOIN sessions AS s ON s.a = r.a WHERE r.tenant_id = {tenant:String}`, 1],
    [`${SELECT} INNER JOIN sessions AS s ON s.a = r.a WHERE tenant_id = {tenant:String}`, 2],
    [`${SELECT}, sessions AS s WHERE r.tenant_id = {tenant:String}`, 1],
    [`${SELECT} WHERE tenant_id = {tenant:String} UNION ALL ${SELECT}`, 1],
    [`WITH x AS MATERIALIZED (${SELECT} WHERE tenant_id = {tenant:String}) SELECT a FROM x CROSS JOIN x AS y`, 0],
    [`WITH x AS (${SELECT}) SELECT a FROM x`, 1],
    [`WITH requests AS (${SELECT}) SELECT a FROM requests`, 2],
    [`SELECT a FROM x WHERE a IN (WITH x AS (SELECT 1) SELECT a FROM x)`, 2],
  ])('%s', (sql, found) => {
    expect(readsWithoutTenant(sql)).toHaveLength(found);
  });
});
