import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listedText, readListed } from '@throughline/contracts/listed-session';
import type { SessionRow } from '@throughline/contracts/session-row';
import fc, { type Arbitrary } from 'fast-check';
import type { TableName } from '../../src/analytics-store.ts';
import type { Column } from '../../src/columns.ts';
import { type EmbeddedAnalyticsStore, openEmbeddedAnalytics } from '../../src/embedded/open-embedded-analytics.ts';
import { WITH_TOMBSTONES } from '../../src/read-settings.ts';
import { sampleSessionRow } from '../../src/sample-rows.ts';
import { encodeRows, TABLES, type TableRows } from '../../src/tables.ts';

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

const tables = Object.keys(TABLES) as TableName[];

test.each(tables)('the columns of %s are those of the schema, in type and in name', async (table) => {
  const schema = await store.query<{ name: string; type: string; kind: string }>({
    sql: `SELECT name, type, default_kind AS kind FROM system.columns
      WHERE database = currentDatabase() AND table = {table:String} ORDER BY position`,
    params: { table },
  });
  const inserted = schema
    .filter(({ kind }) => kind === '' || kind === 'DEFAULT')
    .map(({ name, type }) => ({ name, type }));
  expect(TABLES[table].map(({ name, type }) => ({ name, type }))).toEqual(inserted);
});

test('every table of the schema has its columns here, but for the record of migrations', async () => {
  const found = await store.query<{ name: string }>({
    sql: 'SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  });
  expect(found.map(({ name }) => name)).toEqual([...tables, 'schema_migrations'].sort());
});

/** A value of each column type, as rows hold it, its extremes included. */
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', minLength: 30, maxLength: 90 }));
const time = fc.oneof(fc.integer({ min: 0, max: Date.UTC(2040, 0, 1) }), fc.maxSafeInteger());
const score = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const VALUES: Record<string, Arbitrary<unknown>> = {
  String: text,
  'LowCardinality(String)': text,
  Bool: fc.boolean(),
  UInt8: fc.constantFrom(0, 1),
  UInt16: fc.integer({ min: 0, max: 65_535 }),
  Int16: fc.integer({ min: -32_768, max: 32_767 }),
  Int64: fc.maxSafeInteger(),
  UInt64: fc.maxSafeNat(),
  Float64: score,
  "DateTime64(3, 'UTC')": time,
  "Nullable(DateTime64(3, 'UTC'))": fc.option(time),
  'Nullable(Int64)': fc.option(fc.maxSafeInteger()),
  'Nullable(UInt64)': fc.option(fc.maxSafeNat()),
  'Nullable(UInt32)': fc.option(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  'Nullable(String)': fc.option(text),
  'Nullable(Bool)': fc.option(fc.boolean()),
  'Nullable(Decimal(18, 12))': fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  'Decimal(38, 12)': fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
  Date: fc.integer({ min: 0, max: 65_535 }).map((days) => days * 86_400_000),
  'Array(String)': fc.array(text),
  'Array(LowCardinality(String))': fc.array(text),
  'Array(Int16)': fc.array(fc.integer({ min: -32_768, max: 32_767 })),
  'Map(String, String)': fc.array(fc.tuple(text, text)),
  'Map(String, Float64)': fc.array(fc.tuple(text, score)),
  'Map(String, UInt64)': fc.uniqueArray(fc.tuple(text, fc.maxSafeNat()), { selector: ([key]) => key.toWellFormed() }),
  'Map(String, Array(String))': fc.array(fc.tuple(text, fc.array(text))),
};

/** Of tuples: what they are made of, in order. */
const RECORDS: Record<string, Arbitrary<unknown>> = {
  attempts: fc.array(
    fc.record({ target: text, status: fc.integer({ min: -32_768, max: 32_767 }), latency_ms: fc.maxSafeInteger() }),
  ),
  steps: fc.array(
    fc.record({
      path: text,
      requests: fc.integer({ min: 0, max: 65_535 }),
      errors: fc.integer({ min: 0, max: 65_535 }),
      cost_pico: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    }),
  ),
  paths: fc.array(
    fc.record({
      path: text,
      requests: fc.maxSafeNat(),
      errors: fc.maxSafeNat(),
      cost_pico: fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
      latency_ms: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    }),
  ),
};

/** 64-bit columns that rows hold as bigint, and columns of bytes. */
const BIG = new Set(
  (
    'version prompt_tokens completion_tokens reasoning_tokens prompt_cache_read_tokens prompt_cache_write_tokens ' +
    'prompt_audio_tokens completion_audio_tokens latency_ms_sum'
  ).split(' '),
);
const BYTES = new Set([
  'request_bodies.request_body',
  'request_bodies.response_body',
  'dead_letters.bytes',
  'sessions.state',
]);
const uint64 = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(0n, 2n ** 64n - 1n));
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

function valuesOf(table: TableName, column: Column<never>): Arbitrary<unknown> {
  const isBig = BIG.has(column.name) && (column.name === 'version' || table !== 'requests');
  if (BYTES.has(`${table}.${column.name}`)) return fc.uint8Array({ maxLength: 300 });
  // The partition key has to be a month that exists, and few of them.
  if (column.name === 'received_at') return fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 2, 31) });
  if (isBig) return column.type === 'Int64' ? int64 : uint64;
  const values = RECORDS[column.name] ?? VALUES[column.type];
  if (!values) throw new Error(`no values for ${column.type}`);
  return values;
}

/** The field of a row that a column is written from. */
const field = (name: string) => (name === 'cost' || name === 'total_cost' ? `${name}_pico` : name);

function rowOf(table: TableName): Arbitrary<Record<string, unknown>> {
  const columns = TABLES[table] as readonly Column<never>[];
  const row = fc.record(Object.fromEntries(columns.map((column) => [field(column.name), valuesOf(table, column)])));
  // Written from the properties.
  return row.map((own) => ({
    ...own,
    // Never written: whose data a deletion is about is in its value.
    ...(table === 'annotations' && { user_id: '' }),
    property_pairs: [...new Map((own.properties ?? []) as [string, string][])].map(([key, value]) => `${key}=${value}`),
    ...(table === 'sessions' && { listed: listedText(own as unknown as SessionRow) }),
  }));
}

/** How a column is read so that nothing of it is lost on the way, and what a value should then read as. */
function readAs({ name, type }: { name: string; type: string }): string {
  if (type.includes('DateTime64')) return `toString(toUnixTimestamp64Milli(${name}))`;
  if (type === 'Date') return `toString(toUnixTimestamp64Milli(toDateTime64(${name}, 3, 'UTC')))`;
  // toDecimalString would refuse what has more digits than the type promises, as money beyond a million has.
  if (type === 'Nullable(Decimal(18, 12))')
    return `toString(reinterpretAsInt64(reinterpret(assumeNotNull(${name}), 'Int64')))`;
  if (type === 'Decimal(38, 12)') return `toString(reinterpret(${name}, 'Int128'))`;
  if (name === 'attempts')
    return `arrayMap(x -> (hex(x.target), toString(x.status), toString(x.latency_ms)), attempts)`;
  if (name === 'steps')
    return `arrayMap(x -> (hex(x.path), toString(x.requests), toString(x.errors), toString(x.cost_pico)), steps)`;
  if (name === 'paths') {
    return `arrayMap(x -> (hex(x.path), toString(x.requests), toString(x.errors), toString(reinterpret(x.cost, 'Int128')),
      toString(x.latency_ms)), paths)`;
  }
  if (type === 'Array(Int16)') return `arrayMap(x -> toString(x), ${name})`;
  if (type.startsWith('Array')) return `arrayMap(x -> hex(x), ${name})`;
  if (type === 'Map(String, Array(String))') {
    return `arrayMap((k, v) -> (hex(k), arrayMap(x -> hex(x), v)), mapKeys(${name}), mapValues(${name}))`;
  }
  if (type === 'Map(String, String)')
    return `arrayMap((k, v) -> (hex(k), hex(v)), mapKeys(${name}), mapValues(${name}))`;
  if (type === 'Map(String, Float64)') {
    return `arrayMap((k, v) -> (hex(k), toString(reinterpretAsInt64(v))), mapKeys(${name}), mapValues(${name}))`;
  }
  if (type === 'Map(String, UInt64)')
    return `arrayMap((k, v) -> (hex(k), toString(v)), mapKeys(${name}), mapValues(${name}))`;
  if (type === 'Float64') return `toString(reinterpretAsInt64(${name}))`;
  if (type.includes('String')) return `hex(${name})`;
  if (type.includes('Bool')) return `toString(toUInt8(${name}))`;
  return `toString(${name})`;
}

const hex = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value.toWellFormed() : (value as Uint8Array))
    .toString('hex')
    .toUpperCase();

const doubleBits = (value: unknown) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value as number);
  return view.getBigInt64(0).toString();
};

function expected(type: string, value: unknown): unknown {
  if (value === null) return null;
  if (type.startsWith('Map')) {
    const inner = /, (.*)\)$/.exec(type)![1]!;
    const unique = new Map(value as [string, unknown][]);
    return [...unique].map(([key, of]) => [hex(key), expected(inner, of)]);
  }
  if (type.startsWith('Array(Tuple')) {
    return (value as object[]).map((of) =>
      Object.values(of).map((part) => (typeof part === 'string' ? hex(part) : String(part))),
    );
  }
  if (type.startsWith('Array')) return (value as unknown[]).map((of) => expected(type.slice(6, -1), of));
  if (type === 'Float64') return doubleBits(value);
  if (type.includes('String')) return hex(value);
  if (type.includes('Bool')) return value ? '1' : '0';
  return String(value);
}

describe('random rows come back as they were encoded', () => {
  test.each(tables)(
    '%s',
    async (table) => {
      const columns = TABLES[table] as readonly Column<never>[];
      // Without FINAL: deletion markers are rows as well.
      const select = columns
        .map((column) => `if(isNull(${column.name}), NULL, ${readAs(column)}) AS ${column.name}_`)
        .map((item, i) =>
          columns[i]!.type.startsWith('Nullable') ? item : `${readAs(columns[i]!)} AS ${columns[i]!.name}_`,
        );
      await fc.assert(
        fc.asyncProperty(fc.array(rowOf(table), { minLength: 1, maxLength: 12 }), async (rows) => {
          const from = nextVersion;
          const unique = rows.map((row, i) => withOwnKey(row, from + BigInt(i)));
          nextVersion += BigInt(rows.length);
          await store.insert(encodeRows(table, unique as unknown as TableRows[typeof table][]));
          const read = await store.query<Record<string, unknown>>({
            sql: `SELECT ${select.join(', ')} FROM ${table} WHERE version >= {from:UInt64} ORDER BY version`,
            params: { from },
            settings: WITH_TOMBSTONES,
          });
          const wanted = unique.map((row) =>
            Object.fromEntries(columns.map(({ name, type }) => [`${name}_`, expected(type, row[field(name)])])),
          );
          expect(read).toEqual(wanted);
        }),
        { numRuns: 8 },
      );
    },
    60_000,
  );
});

describe('what a list shows of a session', () => {
  /** The expression of the schema, for rows that were written without the column. */
  async function storedListed(rows: readonly SessionRow[]): Promise<string[]> {
    const from = nextVersion;
    nextVersion += BigInt(rows.length);
    const versioned = rows.map((row, i) => ({ ...row, tenant_id: 'listed', version: from + BigInt(i) }));
    await store.insert(encodeRows('sessions', versioned));
    const [column] = await store.query<{ expression: string }>({
      sql: `SELECT default_expression AS expression FROM system.columns
        WHERE database = currentDatabase() AND table = 'sessions' AND name = 'listed'`,
    });
    const read = await store.query<{ listed: string }>({
      sql: `SELECT ${column!.expression} AS listed FROM sessions WHERE version >= {from:UInt64} ORDER BY version`,
      params: { from },
    });
    return read.map(({ listed }) => listed);
  }

  test('is the same, written with the row and made of its columns', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowOf('sessions'), { minLength: 1, maxLength: 12 }), async (random) => {
        const rows = random as unknown as SessionRow[];
        const made = await storedListed(rows);
        expect(made.map(readListed)).toEqual(rows.map((row) => readListed(listedText(withUniqueScores(row)))));
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  test('is what the row says', () => {
    const row = sampleSessionRow(1, {
      scores: [['quality', -0.125]],
      tag: 'a "tag"\n',
      feedback: false,
      prompt_tokens: 2n ** 64n - 1n,
      total_cost_pico: -(10n ** 30n),
      session_name: '\ud800x',
    });
    const { total_cost_pico, prompt_tokens, ...rest } = readListed(listedText(row));
    expect({ ...row, ...rest, total_cost_pico, prompt_tokens }).toEqual({ ...row, session_name: '\ufffdx' });
  });
});

/** Of equal names the later pair is stored. */
const withUniqueScores = (row: SessionRow): SessionRow => ({ ...row, scores: [...new Map(row.scores)] });

let nextVersion = 1n;

/** Rows of equal keys would fold, already within one insert; and the versions tell in which order to compare. */
function withOwnKey(row: Record<string, unknown>, version: bigint): Record<string, unknown> {
  const own: Record<string, unknown> = { ...row, version };
  if ('source_offset' in row) own.source_offset = Number(version);
  if ('hash' in row) own.hash = `${row.hash}${version}`;
  if ('tenant_id' in row) own.tenant_id = `${row.tenant_id}${version}`;
  return own;
}
