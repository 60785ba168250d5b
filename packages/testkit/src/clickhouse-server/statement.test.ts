import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readStatement } from './statement.ts';

const fromFile = (sql: string) => readStatement(sql).insert?.fromFile("'f'");

describe('readStatement', () => {
  test.each([
    ['SELECT 1', 'SELECT', undefined],
    ['select 1 format JSON', 'SELECT', 'JSON'],
    ["SELECT 'FORMAT x', format('{}', 1) -- FORMAT y\n/* FORMAT z */ FORMAT CSV ;", 'SELECT', 'CSV'],
    ['SELECT * FROM (SELECT 1 FORMAT JSON)', 'SELECT', undefined],
    ['/* why */ CREATE TABLE `FORMAT` (x String)', 'CREATE', undefined],
  ])('knows verb and format of %s', (sql, verb, format) => {
    expect(readStatement(sql)).toMatchObject({ verb, format, insert: undefined });
  });

  test('has the rows of an insert read from a file', () => {
    expect(fromFile('INSERT INTO t FORMAT CSV\n1,2')).toBe("INSERT INTO t  FROM INFILE 'f' FORMAT CSV");
    expect(fromFile("INSERT INTO t (format, `b`) SETTINGS a = 1, b = 'FORMAT' FORMAT RowBinary")).toBe(
      "INSERT INTO t (format, `b`)  FROM INFILE 'f' SETTINGS a = 1, b = 'FORMAT' FORMAT RowBinary",
    );
  });

  test.each(['INSERT INTO t VALUES (1)', 'INSERT INTO t SELECT 1', "INSERT INTO t FROM INFILE 'x' FORMAT CSV"])(
    'leaves alone %s',
    (sql) => {
      expect(readStatement(sql)).toMatchObject({ verb: 'INSERT', insert: undefined });
    },
  );

  test('finds where rows begin, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('\n', '\r\n', ' \n', '  '),
        fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
        (gap, data) => {
          fc.pre(!/^[\s\w]/.test(data));
          const sql = `INSERT INTO t (a) FORMAT RowBinary${gap}${data}`;
          expect(sql.slice(readStatement(sql).insert!.dataAt)).toBe(data);
        },
      ),
    );
  });

  test('refuses a second statement', () => {
    expect(() => readStatement('SELECT 1; SELECT 2')).toThrow('Multi-statements');
    expect(readStatement("SELECT ';' ; -- the end\n").verb).toBe('SELECT');
  });

  test('reads any text without failing otherwise', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          readStatement(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});
