import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { migrateServer } from '@throughline/analytics/http/migrate-server';
import type { ColumnKind, ColumnName } from '@throughline/filter-tree/columns';
import { evaluateFilter } from '@throughline/filter-tree/evaluate';
import { parseFilter } from '@throughline/filter-tree/parse-filter';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { createBodyLinks } from '../../src/auth/body-link.ts';
import type { QueryDeps } from '../../src/query-deps.ts';
import { queryRoutes } from '../../src/query-router.ts';
import { isPublic } from '../../src/route.ts';
import { recordingLog } from '../annotation-log.ts';
import { everyLeaf } from '../every-leaf.ts';
import { FIXTURES_AT, sessionIdOf } from '../fixtures.ts';
import { liveFigures } from '../live-figures.ts';
import { type ApiCall, NOW, type QueryServer, startQueryServer, store } from '../query-server.ts';
import { readsWithoutTenant } from '../reads-without-tenant.ts';
import { type RecordingStore, recording } from '../recording-store.ts';
import { bodiesOf, filterFieldOf, nameOf, parametersOf, pathOf, takesUsers } from '../route-calls.ts';
import {
  acmeFixtures,
  rivalFixtures,
  SECRET,
  SHARED_REQUEST,
  THEIR_KEY,
  THEIR_REQUEST,
  THEIR_SESSION,
} from '../two-tenants.ts';

// Every endpoint asked as one tenant, before another has any data, and with the other's beside its own: both times it
// has to answer the same. Endpoints come from the router, columns and operators from the parser.

// Some thousand queries, on a machine that may be busy.
jest.setTimeout(300_000);

const bodyUrlSecret = 'a secret of the tests, long enough to sign';
const ROUTES = queryRoutes({ config: { bodyUrlSecret } } as unknown as QueryDeps);
const withKey = ROUTES.filter((route) => !isPublic(route));
const reading = withKey.filter(({ access }) => access === 'read' || access === 'read-bodies');
/** Asked in this order, twice: together they have to leave everything as it was, as hiding and showing again does. */
const changing = withKey.filter(({ access, path }) => access === 'write' && !path.startsWith('/v1/views'));
/** Asked in the test that is about views: one that is made has an id of its own each time. */
const ofViews = withKey.filter(({ access, path }) => access === 'write' && path.startsWith('/v1/views'));
/** Asked elsewhere: keys and replays in the tests that are about them, and operators act across tenants. */
const ofKeysOrOperators = withKey.filter(({ access }) =>
  ['any-key', 'replay', 'manage-keys', 'operate'].includes(access),
);

/** Ids that both have used. */
const SHARED: Readonly<Record<string, string>> = {
  sessionId: sessionIdOf(1),
  otherSessionId: sessionIdOf(2),
  requestId: SHARED_REQUEST,
  propertyKey: 'env',
  userId: 'ada',
  replayId: SHARED_REQUEST,
};
/** Those of the other tenant, and of nobody, equally long. */
const THEIRS: Readonly<Record<string, string>> = {
  sessionId: THEIR_SESSION,
  otherSessionId: THEIR_SESSION,
  requestId: THEIR_REQUEST,
  propertyKey: THEIR_KEY,
  userId: `user ${SECRET}`,
  replayId: SHARED_REQUEST,
};
const NOBODYS = Object.fromEntries(
  Object.entries(THEIRS).map(([name, id]) => [name, id.replace(SECRET, 'N0body-s3cre')]),
);

/** Endpoints that say the same to every tenant that has data. */
const SAME_FOR_ALL: ReadonlySet<string> = new Set([
  // Nobody has one here: replays of two tenants are in the test of the whole process.
  'GET /v1/replay/:replayId',
  'GET /v1/session/has-session',
  'GET /v1/request/:requestId/inputs',
  'POST /v1/metrics/totalThreats',
  'POST /v1/metrics/threatsOverTime',
  'POST /v1/metrics/country',
]);

const isSaidAfterTheFact = ({ path }: (typeof ROUTES)[number]) => !path.startsWith('/v1/property/');

type NamedCall = ApiCall & { readonly name: string };

/** Each endpoint with its examples, or with the first of them, over ids that both tenants have. */
function exampleCalls(routes: typeof ROUTES, { ids = SHARED, examples = Number.POSITIVE_INFINITY } = {}): NamedCall[] {
  return routes.flatMap((route) => {
    const path = pathOf(route, ids);
    const method = route.method.toUpperCase();
    const bodies = bodiesOf(route)?.examples ?? [undefined];
    const calls = bodies.slice(0, examples).map((body) => ({ method, path, ...(body && { body }) }));
    // What is asked for in the query string of these.
    if (route.path === '/v1/request/:requestId') calls.push({ method, path: `${path}?includeBody=true` });
    if (route.path === '/v1/session/:sessionId/requests') calls.push({ method, path: `${path}?limit=1` });
    return calls.map((call) => ({ ...call, name: `${nameOf(route)} ${call.path} ${JSON.stringify(call.body)}` }));
  });
}

/** The link to the bodies of a request that both have, for the tenant that asks. */
function linkCalls(): NamedCall[] {
  const signed = ROUTES.filter(({ access }) => access === 'public-signed').map(nameOf);
  if (signed.join() !== 'GET /v1/request/:requestId/body') {
    throw new Error(
      `No test knows how to sign a link for one of ${signed.join(', ')}: make one in linkCalls of this file`,
    );
  }
  const links = createBodyLinks({ clock: { now: () => NOW }, config: { bodyUrlSecret } });
  return acme.requests.slice(0, 3).map((row) => {
    const { request_id: requestId, ordered_at: orderedAtMs, source_partition: partition, source_offset } = row;
    const linked = { tenantId: 'acme', requestId, orderedAtMs, partition, offset: String(source_offset) };
    const path = links.make(linked, { headers: {} } as IncomingMessage);
    return { path, name: path };
  });
}

/**
 * Every column with every operator, compared with a value of the other tenant. Conditions that no request of the tenant
 * satisfies stand in one OR, and those that all do in one AND, so that each of them alone would change the answer.
 */
function leafCalls(): NamedCall[] {
  const filtering = reading.filter((route) => filterFieldOf(route) !== undefined);
  const ofUsers = filtering.filter(takesUsers);
  const groups = new Map<string, unknown[]>();
  for (const { column, level, operator, filter } of everyLeaf(theirValue)) {
    const isOfUsers = level === 'user';
    const kind = isOfUsers ? USERS_WHO[operator]! : requestsThat(filter);
    const group = kind === 'some' ? `${column} ${operator}` : `${isOfUsers ? 'user' : ''} ${kind}`;
    groups.set(group, [...(groups.get(group) ?? []), filter]);
  }
  const trees = [...groups].flatMap(([group, leaves]) =>
    chunksOf(8, leaves).map((chunk) => ({
      isOfUsers: group.startsWith('user'),
      filter: chunk.reduce((left, right) => ({ left, operator: group.endsWith('none') ? 'or' : 'and', right })),
    })),
  );
  return trees.map(({ filter, isOfUsers }, index) => {
    const routes = isOfUsers ? ofUsers : filtering;
    const route = routes[index % routes.length]!;
    const { examples } = bodiesOf(route)!;
    const body = { ...examples[index % Math.min(examples.length, 2)], filter };
    const name = `${nameOf(route)} ${JSON.stringify(body)}`;
    return { method: route.method.toUpperCase(), path: pathOf(route, SHARED), body, name };
  });
}

/** What a user's figures, far below those of the other tenant's, say to a comparison with them. */
const USERS_WHO: Readonly<Record<string, 'none' | 'all' | 'some'>> = {
  ...{ equals: 'none', gt: 'none', gte: 'none', like: 'none', ilike: 'none', contains: 'none' },
  ...{ 'not-equals': 'all', lt: 'all', lte: 'all', 'not-contains': 'all' },
};

function requestsThat(filter: unknown): 'none' | 'all' | 'some' {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const { requests, sessions } = acmeFixtures();
  const matching = requests.filter((row) =>
    evaluateFilter(
      parsed.filter,
      row,
      sessions.find(({ session_id }) => session_id === row.session_id),
      NOW,
    ),
  ).length;
  return matching === 0 ? 'none' : matching === requests.length ? 'all' : 'some';
}

function chunksOf<T>(size: number, items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

const TEXTS: Partial<Record<ColumnName, string>> = {
  request_id: THEIR_REQUEST,
  organization_id: 'rival',
  provider: SECRET.toUpperCase(),
  session_provider: SECRET.toUpperCase(),
  model: `model ${SECRET}`,
  session_model: `model ${SECRET}`,
  session_session_id: THEIR_SESSION,
  session_session_name: `name ${SECRET}`,
  user_id: `user ${SECRET}`,
  session_user_id: `user ${SECRET}`,
  user_user_id: `user ${SECRET}`,
  target_url: `https://${SECRET}.example/v1`,
  path: `/${SECRET}`,
  request_referrer: `https://${SECRET}.example`,
  request_body: JSON.stringify({ prompt: `${SECRET} asked` }),
  response_body: `${SECRET} answered`,
  scores_column: '{}',
};

const NUMBERS: Partial<Record<ColumnName, number>> = { status: 599, latency: 54_321_000, prompt_tokens: 65_432_100 };

function theirValue(kind: ColumnKind, column: ColumnName): { value: unknown; key?: string } {
  switch (kind) {
    case 'text':
      return { value: TEXTS[column] ?? SECRET };
    case 'number':
      return { value: NUMBERS[column] ?? 100_000 };
    case 'usd':
      return { value: 100_000 };
    case 'time':
      return { value: new Date(FIXTURES_AT + 54_321_000).toISOString() };
    case 'boolean':
      return { value: true };
    case 'property':
      return { value: `env ${SECRET}`, key: 'env' };
    case 'property-key':
      return { value: THEIR_KEY };
    case 'score':
      return { value: 424_242, key: 'helpful' };
  }
}

let acme: ReturnType<typeof acmeFixtures>;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** All of an answer but what differs from one second to the next. */
async function answer(server: QueryServer, call: NamedCall, key: string): Promise<Answer> {
  const { status, text, headers, json } = await server.call({ ...call, key });
  const { date, ...rest } = Object.fromEntries(headers);
  const isRandom = (call.body as { sort?: { random?: true } } | undefined)?.sort?.random;
  if (!isRandom || !Array.isArray(json.data)) return { status, text, headers: rest };
  const { etag, ...unordered } = rest;
  return {
    status,
    text: JSON.stringify(json.data.map((row: object) => JSON.stringify(row)).sort()),
    headers: unordered,
  };
}

/** Ask each in turn, a few at a time. */
async function askAll(server: QueryServer, calls: readonly NamedCall[], key: string): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const left = calls.values();
  await Promise.all(
    [1, 2, 3].map(async () => {
      for (const call of left) answers.set(call.name, await answer(server, call, key));
    }),
  );
  return answers;
}

/** What one tenant can be told: read, and read again after each change that it makes. */
async function askEverything(
  server: QueryServer,
  { leaves, examples }: { leaves: readonly NamedCall[]; examples: number },
): Promise<Map<string, Answer>> {
  const calls = exampleCalls(reading, { examples });
  const byId = reading.filter((route) => parametersOf(route).length > 0);
  const strangers = [THEIRS, NOBODYS].flatMap((ids) => exampleCalls(byId, { ids, examples: 1 }));
  const answers = await askAll(server, [...calls, ...strangers, ...linkCalls(), ...leaves], 'acme:rw');
  const listing = reading.filter(({ path }) => path.startsWith('/v1/request') || path.endsWith('/requests'));
  const withoutBodies = await askAll(server, exampleCalls(listing, { examples: 1 }), 'acme:m');
  for (const [name, given] of withoutBodies) answers.set(`without bodies: ${name}`, given);
  const changed = calls.filter(({ path }) => path.startsWith('/v1/property'));
  for (const change of exampleCalls(changing)) {
    answers.set(change.name, await answer(server, change, 'acme:rw'));
    const after = await askAll(server, changed, 'acme:rw');
    for (const [name, given] of after) answers.set(`after ${change.name}: ${name}`, given);
  }
  return answers;
}

const MODES = [
  [
    'in process',
    async () => {
      const dir = await createTempDir('tenants');
      const analytics = await openEmbeddedAnalytics({ dir: dir.path });
      return {
        analytics,
        asked: { leaves: leafCalls(), examples: Number.POSITIVE_INFINITY },
        close: async () => {
          await analytics.close();
          await dir.remove();
        },
      };
    },
  ],
  [
    'over HTTP',
    async () => {
      const clickhouse = await startClickHouse();
      await migrateServer({ url: clickhouse.url });
      const analytics = connectHttpAnalytics({ url: clickhouse.url });
      return {
        analytics,
        asked: { leaves: [], examples: 1 },
        close: async () => {
          await analytics.close();
          await clickhouse.stop();
        },
      };
    },
  ],
] as const satisfies readonly (readonly [
  string,
  () => Promise<{ analytics: AnalyticsStore; asked: Parameters<typeof askEverything>[1]; close: () => Promise<void> }>,
])[];

test('every endpoint is asked, and one that nobody knows how to ask says what to add', () => {
  // One named here asks for an access that none of these have: say in this file how it is asked.
  const asked = new Set<(typeof ROUTES)[number]>([...reading, ...changing, ...ofViews, ...ofKeysOrOperators]);
  expect(withKey.filter((route) => !asked.has(route)).map(nameOf)).toEqual([]);
  const unknown = { method: 'post', path: '/v1/unheard/:ofId', access: 'read' } as const;
  expect(() => bodiesOf(unknown)).toThrow('add its body schema');
  expect(() => pathOf(unknown, SHARED)).toThrow('No test knows a value for :ofId');
});

describe.each<(typeof MODES)[number]>(MODES as never)('with the engine %s', (_, open) => {
  let close: () => Promise<void>;
  let server: QueryServer;
  let recorded: RecordingStore;
  let said: ReturnType<typeof recordingLog>;
  let asked: Parameters<typeof askEverything>[1];
  let alone: Map<string, Answer>;
  let beside: Map<string, Answer>;
  let theirs: Map<string, Answer>;

  beforeAll(async () => {
    const opened = await open();
    ({ asked } = opened);
    recorded = recording(opened.analytics);
    said = recordingLog();
    const figures = liveFigures();
    server = await startQueryServer(recorded, { config: { bodyUrlSecret }, annotations: said, live: figures.ports });
    close = async () => {
      await server.close();
      await opened.close();
    };
    acme = acmeFixtures();
    await store(recorded, acme);
    figures.commit({ tenants: { acme: { requests: acme.requests.length } } });
    figures.show();
    alone = await askEverything(server, asked);

    const rival = rivalFixtures();
    await store(recorded, rival);
    figures.commit({ tenants: { rival: { requests: rival.requests.length + acme.requests.length } } });
    figures.show();
    for (const state of rival.states) {
      server.live.set(JSON.stringify(['rival', state.sessionId]), { ...state, tag: `tag ${SECRET}` });
    }
    await server.call({ path: '/v1/views', body: { name: SECRET, url: `/${SECRET}` }, key: 'rival:rw' });
    for (const key of ['env', THEIR_KEY]) {
      await server.call({ path: '/v1/property/hide', body: { key }, key: 'rival:rw' });
    }
    theirs = await askAll(server, exampleCalls(reading, { examples: 1 }), 'rival:rw');
    beside = await askEverything(server, asked);
  });

  afterAll(async () => await close?.());

  test('one tenant is told the same, to the byte, whether another has data or not', () => {
    for (const [name, given] of beside) expect([name, given]).toEqual([name, alone.get(name)]);
    expect(beside.size).toBe(alone.size);
    expect(beside.size).toBeGreaterThan(reading.length + asked.leaves.length);
  });

  test('the other tenant does have data that each endpoint would tell of', () => {
    const silent = reading
      .map(nameOf)
      .filter((name) => !SAME_FOR_ALL.has(name))
      .filter((name) =>
        [...theirs].every(([call, { text }]) => !call.startsWith(`${name} `) || text === alone.get(call)?.text),
      );
    // An endpoint named here needs an example in route-calls.ts that selects something, or a place in SAME_FOR_ALL.
    expect(silent).toEqual([]);
    expect([...theirs.values()].filter(({ text }) => text.includes(SECRET)).length).toBeGreaterThan(15);
  });

  test('no answer holds anything of the other tenant', () => {
    const told = [...beside].filter(([name, { text, headers }]) => {
      const said = `${text} ${JSON.stringify(headers)}`.toLowerCase();
      return !name.includes(SECRET) && (said.includes(SECRET.toLowerCase()) || said.includes('rival'));
    });
    expect(told).toEqual([]);
  });

  test('an id of the other tenant is as unknown as one of nobody', () => {
    const routes = reading.filter((route) => parametersOf(route).length > 0);
    const ofTheirs = exampleCalls(routes, { ids: THEIRS, examples: 1 });
    const ofNobody = exampleCalls(routes, { ids: NOBODYS, examples: 1 });
    for (const [index, { name, path }] of ofTheirs.entries()) {
      const given = beside.get(name)!;
      expect([name, given]).toEqual([name, beside.get(ofNobody[index]!.name)]);
      // What a property's values come to is an empty answer, and any session may have no tag.
      const isKnown = path.startsWith('/v1/property/') || path.endsWith('/tag');
      expect([name, given.status]).toEqual([name, isKnown ? 200 : 404]);
    }
    expect(ofTheirs.length).toBeGreaterThanOrEqual(routes.length);
  });

  test('what one tenant asks and changes, the other does not notice', async () => {
    const again = await askAll(server, exampleCalls(reading, { examples: 1 }), 'rival:rw');
    for (const [name, given] of again) expect([name, given]).toEqual([name, theirs.get(name)]);
  });

  test('what is said after the fact is said of the tenant that says it', () => {
    expect(said.events.length).toBeGreaterThanOrEqual(2 * changing.filter(isSaidAfterTheFact).length);
    expect(new Set(said.events.map(({ tenant_id }) => tenant_id))).toEqual(new Set(['acme']));
  });

  test('every query demands the tenant of every table that it reads', () => {
    expect(recorded.asked.length).toBeGreaterThan(beside.size / 2);
    for (const { sql, params } of recorded.asked) {
      expect(readsWithoutTenant(sql)).toEqual([]);
      expect(['acme', 'rival']).toContain(params?.tenant);
    }
  });
});
