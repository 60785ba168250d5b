import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EmbeddedAnalyticsStore, openEmbeddedAnalytics } from '../../src/embedded/open-embedded-analytics.ts';
import { sampleBodyRow, sampleRequestRow } from '../../src/sample-rows.ts';
import { encodeRows } from '../../src/tables.ts';

/** Set it to a few hundred to look longer than the committed suite does. */
const SECONDS = Number(process.env.ISOLATION_SECONDS ?? 12);
const TENANTS = 12;
const CALLERS = 16;

let dir: string;
let store: EmbeddedAnalyticsStore;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'throughline-analytics-'));
  store = await openEmbeddedAnalytics({ dir });
});

afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

/** Rows of one tenant: wherever a value of the tenant's can stand, its name stands. */
function rowsOf(tenant: number, from: number, count: number) {
  const name = tenantName(tenant);
  const rows = Array.from({ length: count }, (_, i) => {
    const offset = from + i;
    return sampleRequestRow(offset, {
      tenant_id: name,
      user_id: `${name}-user`,
      properties: [['owner', name]],
      prompt_tokens: tenant,
    });
  });
  const bodies = rows.map((row) =>
    sampleBodyRow(row.source_offset, { tenant_id: name, request_body: Buffer.from(`${name} said '\\ \0 {x:String}`) }),
  );
  return { rows: encodeRows('requests', rows), bodies: encodeRows('request_bodies', bodies) };
}

function tenantName(tenant: number): string {
  return `tenant-${tenant}'s \\ "name"`;
}

test(
  'answers of one tenant never hold a value of another while all query and insert at once',
  async () => {
    let offset = 0;
    for (let tenant = 0; tenant < TENANTS; tenant++) {
      const { rows, bodies } = rowsOf(tenant, offset, 50);
      offset += 50;
      await store.insert(rows);
      await store.insert(bodies);
    }
    const endsAt = performance.now() + SECONDS * 1000;
    const isOver = () => performance.now() > endsAt;
    let queries = 0;
    let inserts = 0;

    async function insertAll(): Promise<void> {
      while (!isOver()) {
        const { rows, bodies } = rowsOf(inserts % TENANTS, offset, 20);
        offset += 20;
        await Promise.all([store.insert(rows), store.insert(bodies)]);
        inserts++;
      }
    }

    async function queryAs(caller: number): Promise<void> {
      for (let i = caller; !isOver(); i++) {
        const tenant = i % TENANTS;
        const name = tenantName(tenant);
        const [query] = [QUERIES[i % QUERIES.length]!];
        const rows = await store.query<Record<string, unknown>>({
          sql: query,
          params: { tenant: name, tokens: tenant, names: [name, `${name}-user`], none: null },
        });
        expect(rows.length).toBeGreaterThan(0);
        const others = rows.filter((row) => !isAllOf(row, tenant));
        expect(others).toEqual([]);
        queries++;
      }
    }

    await Promise.all([insertAll(), ...Array.from({ length: CALLERS }, (_, caller) => queryAs(caller))]);
    expect(inserts).toBeGreaterThan(0);
    expect(queries).toBeGreaterThan(CALLERS);
  },
  (SECONDS + 30) * 1000,
);

const QUERIES = [
  // The parameter itself, as a fast and as a slow query.
  'SELECT {tenant:String} AS owner, {tokens:Nullable(UInt64)} AS tokens, {names:Array(String)} AS names',
  'SELECT {tenant:String} AS owner, {tokens:UInt64} AS tokens, max(sipHash64(number)) > 0 AS slow FROM numbers(3000000)',
  // Rows found by it.
  `SELECT tenant_id AS owner, user_id AS user, properties['owner'] AS property, prompt_tokens AS tokens
   FROM requests WHERE tenant_id = {tenant:String} ORDER BY ordered_at DESC LIMIT 20`,
  `SELECT tenant_id AS owner, any(user_id) AS user, prompt_tokens AS tokens, {names:Array(String)} AS names
   FROM requests FINAL WHERE user_id IN {names:Array(String)} GROUP BY tenant_id, prompt_tokens`,
  'SELECT tenant_id AS owner, request_body AS body FROM request_bodies WHERE tenant_id = {tenant:String} LIMIT 5',
];

function isAllOf(row: Record<string, unknown>, tenant: number): boolean {
  const name = tenantName(tenant);
  const expected: Record<string, unknown> = {
    owner: name,
    tokens: String(tenant),
    names: [name, `${name}-user`],
    user: `${name}-user`,
    property: name,
    body: `${name} said '\\ \0 {x:String}`,
    slow: 1,
  };
  return Object.entries(row).every(([key, value]) => JSON.stringify(value) === JSON.stringify(expected[key]));
}
