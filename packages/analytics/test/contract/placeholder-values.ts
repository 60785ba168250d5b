import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnalyticsStore, QueryParam } from '../../src/analytics-store.ts';
import type { AnalyticsUnderTest } from '../../src/contract.ts';

/**
 * A value, given through a placeholder, comes back from the engine as it was given, and of the type that was named:
 * whichever way the adapter hands it over.
 *
 * @param runs of each property.
 */
export function placeholderValues(name: string, make: () => Promise<AnalyticsUnderTest>, runs: number): void {
  jest.setTimeout(60_000);
  describe(name, () => {
    let subject: AnalyticsUnderTest;
    let store: AnalyticsStore;

    beforeAll(async () => {
      subject = await make();
      store = subject.store;
    });

    afterAll(async () => {
      await store.close();
      await subject.dispose?.();
    });

    async function echo(type: string, value: QueryParam): Promise<{ value: unknown; type: string }> {
      const sql = `SELECT {v:${type}} AS value, toTypeName({v:${type}}) AS type`;
      return (await store.query<{ value: unknown; type: string }>({ sql, params: { v: value } }))[0]!;
    }

    /** The bytes of a string as the engine holds them, free of what JSON does to them. */
    async function echoHex(value: string): Promise<string> {
      const [row] = await store.query<{ hex: string }>({ sql: 'SELECT hex({v:String}) AS hex', params: { v: value } });
      return row!.hex.toLowerCase();
    }

    const RUNS = { numRuns: runs };

    describe('strings', () => {
      test('every code unit from 0 to 255 comes back, alone and between others', async () => {
        const all = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));
        expect(await echoHex(all)).toBe(utf8Hex(all));
        for (let code = 0; code < 256; code++) {
          const text = String.fromCharCode(code);
          expect(await echoHex(text)).toBe(utf8Hex(text));
          expect(await echoHex(`a${text}`)).toBe(utf8Hex(`a${text}`));
        }
      });

      test('any string comes back, a lone surrogate as U+FFFD', async () => {
        await fc.assert(
          fc.asyncProperty(nastyString, async (text) => {
            expect(await echoHex(text)).toBe(utf8Hex(text));
            expect(await echo('String', text)).toEqual({ value: text.toWellFormed(), type: 'String' });
          }),
          RUNS,
        );
        expect(await echoHex('a\ud800b')).toBe(utf8Hex('a\ufffdb'));
      });

      test('a string of a megabyte comes back', async () => {
        const text = `${"'\\\0{v:String}".repeat(100_000)}end`;
        expect(await echoHex(text)).toBe(utf8Hex(text));
      });

      test('a value finds the row that holds it and no other', async () => {
        await fc.assert(
          fc.asyncProperty(nastyString, nastyString, async (a, b) => {
            const sql = 'SELECT {a:String} = {b:String} AS same, has({list:Array(String)}, {a:String}) AS listed';
            const [row] = await store.query({ sql, params: { a, b, list: [b, a] } });
            expect(row).toEqual({ same: a.toWellFormed() === b.toWellFormed() ? 1 : 0, listed: 1 });
          }),
          RUNS,
        );
      });
    });

    describe('numbers', () => {
      const widths = [8n, 16n, 32n, 64n, 128n].flatMap((bits) => [
        { type: `Int${bits}`, min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n },
        { type: `UInt${bits}`, min: 0n, max: 2n ** bits - 1n },
      ]);

      test.each(widths)('$type, its ends included', async ({ type, min, max }) => {
        await fc.assert(
          fc.asyncProperty(fc.oneof(fc.constantFrom(min, max, 0n), fc.bigInt({ min, max })), async (value) => {
            const sql = `SELECT toString({v:${type}}) AS text, toTypeName({v:${type}}) AS type, {text:${type}} = {v:${type}} AS same`;
            const [row] = await store.query({ sql, params: { v: value, text: String(value) } });
            expect(row).toEqual({ text: String(value), type, same: 1 });
          }),
          { numRuns: Math.ceil(runs / 3) },
        );
      });

      test('every double, bit for bit', async () => {
        const bits = (value: number) => {
          const view = new DataView(new ArrayBuffer(8));
          view.setFloat64(0, value);
          return view.getBigUint64(0).toString();
        };
        const edge = fc.constantFrom(
          0,
          -0,
          5e-324,
          -5e-324,
          Number.MAX_VALUE,
          Number.MIN_VALUE,
          2 ** 53 + 2,
          0.1,
          1e21,
          1e-7,
        );
        await fc.assert(
          fc.asyncProperty(fc.oneof(edge, fc.double({ noNaN: true })), async (value) => {
            const sql = 'SELECT reinterpretAsUInt64({v:Float64}) AS bits, toTypeName({v:Float64}) AS type';
            const [row] = await store.query({ sql, params: { v: value } });
            expect(row).toEqual({ bits: bits(value), type: 'Float64' });
          }),
          RUNS,
        );
        const special = 'SELECT isNaN({nan:Float64}) AS nan, {up:Float64} AS up, {down:Float64} AS down';
        const params = { nan: Number.NaN, up: Number.POSITIVE_INFINITY, down: Number.NEGATIVE_INFINITY };
        expect(await store.query({ sql: special, params })).toEqual([{ nan: 1, up: 'inf', down: '-inf' }]);
      });

      test('decimals of any scale, as text, number and bigint', async () => {
        const decimal = fc
          .record({
            whole: fc.bigInt({ min: 0n, max: 10n ** 26n - 1n }),
            places: fc.stringMatching(/^\d{0,12}$/),
            minus: fc.boolean(),
          })
          .map(({ whole, places, minus }) => `${minus ? '-' : ''}${whole}${places && `.${places}`}`);
        await fc.assert(
          fc.asyncProperty(decimal, async (text) => {
            const sql = `SELECT toDecimalString({v:Decimal(38, 12)}, 12) AS text, toTypeName({v:Decimal(38, 12)}) AS type`;
            const [row] = await store.query({ sql, params: { v: text } });
            const [whole, places = ''] = text.split('.');
            const full = `${whole}.${places.padEnd(12, '0')}`;
            expect(row).toEqual({ text: /[1-9]/.test(full) ? full : full.replace('-', ''), type: 'Decimal(38, 12)' });
          }),
          RUNS,
        );
        const [row] = await store.query<{ small: string; large: string; exponent: string }>({
          sql: 'SELECT {a:Decimal(18, 12)} AS small, {b:Decimal(38, 12)} AS large, {c:Decimal(76, 40)} AS exponent',
          params: { a: 1e-12, b: 12345678901234567890n, c: 1.5e21 },
        });
        expect(row).toEqual({
          small: '0.000000000001',
          large: '12345678901234567890',
          exponent: '1500000000000000000000',
        });
      });
    });

    describe('other types', () => {
      test('times from epoch milliseconds and from text', async () => {
        const range = { min: Date.UTC(1900, 0, 1), max: Date.UTC(2299, 11, 31, 23, 59, 59, 999) };
        await fc.assert(
          fc.asyncProperty(fc.integer(range), async (at) => {
            const text = new Date(at).toISOString().slice(0, 23).replace('T', ' ');
            const sql = `SELECT toUnixTimestamp64Milli({v:DateTime64(3)}) AS at, {t:DateTime64(3, 'UTC')} AS text, toTypeName({v:DateTime64(3)}) AS type`;
            const [row] = await store.query({ sql, params: { v: at, t: text } });
            expect(row).toEqual({ at: String(at), text, type: "DateTime64(3, 'UTC')" });
          }),
          RUNS,
        );
        expect(await echo('Date', '2149-06-06')).toEqual({ value: '2149-06-06', type: 'Date' });
        expect(await echo('DateTime64(0)', 0)).toEqual({ value: '1970-01-01 00:00:00', type: "DateTime64(0, 'UTC')" });
        expect((await echo('DateTime64(9)', '2000-01-02 03:04:05.123456789')).value).toBe(
          '2000-01-02 03:04:05.123456789',
        );
      });

      test.each<[string, QueryParam, unknown]>([
        ['Bool', true, true],
        ['Bool', false, false],
        ['UUID', '0198C0DE-0000-7000-8000-00000000000A', '0198c0de-0000-7000-8000-00000000000a'],
        ['Nullable(String)', null, null],
        ['Nullable(String)', 'NULL', 'NULL'],
        ['Nullable(String)', '\\N', '\\N'],
        ['Nullable(UInt64)', 7, '7'],
        ["Nullable(DateTime64(3, 'UTC'))", 1, '1970-01-01 00:00:00.001'],
        ['Nullable(Decimal(18, 12))', null, null],
        ['LowCardinality(String)', "a'b", "a'b"],
        ['LowCardinality(Nullable(String))', null, null],
        ['Array(String)', [], []],
        ['Array(UInt64)', [], []],
        ['Array(Nullable(String))', [null, 'NULL', ''], [null, 'NULL', '']],
        ['Array(LowCardinality(String))', ["'", '\\'], ["'", '\\']],
        ['Array(Bool)', [true, false], [true, false]],
        ['Array(Float64)', [1.5, Number.NaN, Number.NEGATIVE_INFINITY], [1.5, 'nan', '-inf']],
        ["Array(DateTime64(3, 'UTC'))", [0], ['1970-01-01 00:00:00.000']],
        ['Array(UUID)', ['0198c0de-0000-7000-8000-00000000000a'], ['0198c0de-0000-7000-8000-00000000000a']],
        ['Array(Int128)', [-(2n ** 127n)], ['-170141183460469231731687303715884105728']],
        ['Array(Array(String))', [['a', "'"], []], [['a', "'"], []]],
        ['Map(String, UInt8)', [], {}],
        [
          'Map(String, Array(String))',
          [
            ['a', ['b']],
            ['c', []],
          ],
          { a: ['b'], c: [] },
        ],
        ['Map(String, Nullable(UInt8))', [['a', null]], { a: null }],
        ['Array(Map(String, UInt8))', [[['a', 1]], []], [{ a: 1 }, {}]],
      ])('%s: %p', async (type, value, expected) => {
        expect(await echo(type, value)).toEqual({ value: expected, type });
      });

      test('arrays and maps of any strings, keys like __proto__ included', async () => {
        const key = fc.oneof(nastyString, fc.constantFrom('__proto__', 'constructor', 'toString', ''));
        await fc.assert(
          fc.asyncProperty(fc.array(fc.tuple(key, nastyString)), async (pairs) => {
            const sql = `SELECT arrayMap(x -> hex(x), {keys:Array(String)}) AS keys,
          arrayMap(x -> hex(x), mapKeys({map:Map(String, String)})) AS map_keys,
          arrayMap(x -> hex(x), mapValues({map:Map(String, String)})) AS map_values`;
            const [row] = await store.query({ sql, params: { keys: pairs.map(([k]) => k), map: pairs } });
            const hex = (text: string) => utf8Hex(text).toUpperCase();
            const unique = new Map(pairs.map(([k, v]) => [k.toWellFormed(), v]));
            expect(row).toEqual({
              keys: pairs.map(([k]) => hex(k)),
              map_keys: [...unique.keys()].map(hex),
              map_values: [...unique.values()].map(hex),
            });
          }),
          RUNS,
        );
      });

      test('a thousand ids in a list are one literal', async () => {
        const ids = Array.from({ length: 20_000 }, (_, i) => `session-${i}`);
        const sql =
          "SELECT count() AS found FROM numbers(30000) WHERE concat('session-', toString(number)) IN {ids:Array(String)}";
        expect(await store.query({ sql, params: { ids } })).toEqual([{ found: '20000' }]);
      });

      test('placeholders stand for numbers in LIMIT and OFFSET', async () => {
        const sql = 'SELECT number AS n FROM numbers(10) ORDER BY n LIMIT {limit:UInt32} OFFSET {offset:UInt64}';
        expect(await store.query({ sql, params: { limit: 2, offset: 3 } })).toEqual([{ n: '3' }, { n: '4' }]);
      });
    });
  });
}

const utf8Hex = (text: string) => Buffer.from(text.toWellFormed(), 'utf8').toString('hex');

/** Strings that are SQL, escapes, placeholders or not text at all, mixed with any other. */
const nastyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          "'",
          '\\',
          '"',
          '`',
          '\0',
          '\n',
          '\r',
          '\t',
          '\b',
          '{v:String}',
          '{',
          '}',
          '--',
          '/*',
          '*/',
          ';',
          '$a$',
          '#',
          'x',
        ],
        ...[
          "'; DROP TABLE requests; --",
          '\\x27',
          '\\N',
          '\\u0027',
          '‘',
          '’',
          '\u2028',
          '\ud800',
          '\udfff',
          '😀',
          '\x7f',
          '\x85',
        ],
      ),
    )
    .map((parts) => parts.join('')),
);
