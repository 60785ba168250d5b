import { describe, expect, test } from '@jest/globals';
import { filterTree } from '@throughline/contracts/api/coerced';
import { ERRORS, type ErrorCode } from '@throughline/contracts/errors';
import { COLUMNS, type ColumnName, type Level } from '@throughline/filter-tree/columns';
import { OPERATORS } from '@throughline/filter-tree/parse-condition';
import { parseFilter } from '@throughline/filter-tree/parse-filter';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { startQueryServer } from '../../test/query-server.ts';
import { parseBody } from '../parse-body.ts';
import type { QueryDeps } from '../query-deps.ts';
import { queryRoutes } from '../query-router.ts';
import { isPublic } from '../route.ts';
import { composeDocument, documentPath } from './compose-document.ts';
import { loggingPaths } from './logging-paths.ts';

const routes = queryRoutes({ config: {} } as QueryDeps);
const document = composeDocument(routes, '1.2.3');

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'doc', ...document });
const accepts = (name: string) => ajv.compile<unknown>({ $ref: `doc#/components/schemas/${name}` });

describe('the document', () => {
  test('has every endpoint once, with its parameters, and a name of its own for each', () => {
    const named = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const logging = Object.keys(loggingPaths()).map((path) => `post ${path}`);
    expect(logging).toHaveLength(16);
    expect(named.sort()).toEqual(
      [...routes.map(({ method, path }) => `${method} ${documentPath(path)}`), ...logging].sort(),
    );
    const operations = Object.values(document.paths ?? {}).flatMap((methods) => Object.values(methods));
    const ids = operations.map((operation) => (operation as { operationId: string }).operationId);
    expect(new Set(ids).size).toBe(routes.length + logging.length);
  });

  test('refers to nothing that is not in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, name] of references) expect(Object.keys(document.components?.schemas ?? {})).toContain(name);
  });

  test('holds schemas that are well formed', () => {
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      expect([name, ajv.validateSchema(schema)]).toEqual([name, true]);
    }
  });

  test('names every error under its own status', () => {
    for (const methods of Object.values(document.paths ?? {})) {
      for (const operation of Object.values(methods)) {
        const { responses } = operation as { responses: Record<string, { 'x-error-codes'?: ErrorCode[] }> };
        for (const [status, { 'x-error-codes': codes = [] }] of Object.entries(responses)) {
          expect(codes.map((code) => ERRORS[code].status)).toEqual(codes.map(() => Number(status)));
        }
      }
    }
  });

  test('asks for a key wherever there is neither a signed link nor a login', () => {
    expect(document.security).toEqual([{ key: [] }]);
    for (const route of routes) {
      const operation = document.paths?.[documentPath(route.path)]?.[route.method];
      expect(operation?.security).toEqual(isPublic(route) ? [] : undefined);
    }
  });
});

describe('the body that an endpoint declares', () => {
  const withBody = routes.filter((route) => route.doc.body !== null && !('isStreamed' in route));

  test.each(withBody.map(({ method, path, doc }) => [method, path, doc.body!] as const))(
    '%s %s: is the one that its handler refuses by',
    async (method, path, schema) => {
      const server = await startQueryServer({
        query: async () => [],
        insert: async () => {},
        instanceId: async () => 'stub',
        close: async () => {},
      });
      try {
        // No body has this field: the strict schema names it beside all that is missing.
        const wrong = { 'no such field': 1 };
        let details: unknown;
        try {
          parseBody(schema, wrong);
        } catch (error) {
          details = (error as { extra: { details: unknown } }).extra.details;
        }
        const call = { method: method.toUpperCase(), path: path.replace(/:\w+/, 'some-id'), body: wrong };
        const answer = await server.call({ ...call, key: 'acme:rw' });
        expect(answer.status).toBe(422);
        expect(answer.json.details).toEqual(JSON.parse(JSON.stringify(details)));
      } finally {
        await server.close();
      }
    },
  );
});

describe('the grammar of filters', () => {
  const allows = { Filter: accepts('Filter'), UserFilter: accepts('UserFilter') };
  const isRead = (tree: unknown, users: boolean) => {
    const parsed = parseFilter(tree, 'filter', { users });
    return parsed.ok || parsed.issues.every(({ code }) => code !== 'invalid');
  };

  test('stands wherever a body has a filter', () => {
    expect(filterTree.meta()?.id).toBe('Filter');
    const bodies = JSON.stringify(document.paths);
    expect(
      bodies.match(/"(?:filter|userFilter)":\{"\$ref":"#\/components\/schemas\/Filter"\}/g)!.length,
    ).toBeGreaterThan(20);
    expect(bodies.match(/"filter":\{"\$ref":"#\/components\/schemas\/UserFilter"\}/g)).toHaveLength(2);
  });

  const operators = [...new Set(Object.values(OPERATORS).flat()), 'between'];
  const values = ['gpt-4o', 12, true, null, '2026-01-31T12:00:00.000Z', {}];
  const leavesOf = (...levels: Level[]) =>
    (Object.keys(COLUMNS) as ColumnName[])
      .filter((column) => levels.includes(COLUMNS[column].level))
      .flatMap((column) => {
        // Which texts are times is more than the schema says.
        const known = COLUMNS[column].kind === 'time' ? values.filter((value) => value !== 'gpt-4o') : values;
        // Texts can be looked for in scores as far as the grammar goes, and are refused with a reason of their own.
        const asked = COLUMNS[column].kind === 'score' ? [...OPERATORS.score, 'between'] : operators;
        return asked.flatMap((operator) => known.map((value) => leafOn(column, operator, value)));
      });
  const leaves = { Filter: leavesOf('request', 'session'), UserFilter: leavesOf('request', 'session', 'user') };

  test('allows of all columns, operators and values nothing that the parser refuses, and all else but numbers as text', () => {
    for (const [name, users] of [
      ['Filter', false],
      ['UserFilter', true],
    ] as const) {
      let allowed = 0;
      for (const leaf of leaves[name]) {
        const isAllowed = allows[name](leaf);
        if (isAllowed) allowed++;
        if (isAllowed !== isRead(leaf, users))
          throw new Error(`${name}: ${JSON.stringify(leaf)} allowed: ${isAllowed}`);
      }
      expect(allowed).toBeGreaterThan(150);
    }
    expect(allows.Filter({ users_view: { user_cost: { gt: 1 } } })).toBe(false);
    expect(allows.UserFilter({ users_view: { user_cost: { gt: 1 } } })).toBe(true);
  });

  test('allows trees of any depth, and refuses what the parser refuses wherever it stands in them', () => {
    const node = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<unknown>(...leaves.Filter) },
      { weight: 2, arbitrary: fc.constantFrom<unknown>('all', {}, 'none', [], null, { model: {} }) },
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        node,
        fc.record(
          { left: tie('tree'), operator: fc.constantFrom('and', 'or', 'not'), right: tie('tree') },
          { requiredKeys: ['left', 'operator'] },
        ),
      ),
    }));
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
    fc.assert(
      fc.property(tree, (given) => {
        expect(allows.Filter(given)).toBe(isRead(given, false));
      }),
      { numRuns: 2_000, seed },
    );
  });
});

/** A condition as it is written on the wire. */
function leafOn(column: ColumnName, operator: string, value: unknown): unknown {
  const { level, kind } = COLUMNS[column];
  const condition = { [operator]: value };
  const keyed = kind === 'property' || kind === 'score' ? { some: condition } : condition;
  if (column === 'path') return { request: { path: keyed } };
  if (column === 'session_scores') return { sessions_request_response_rmt: { scores: keyed } };
  const table = { request: 'request_response_rmt', session: 'sessions_request_response_rmt', user: 'users_view' }[
    level
  ];
  return { [table]: { [column]: keyed } };
}
