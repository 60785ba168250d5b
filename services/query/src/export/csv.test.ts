import { expect, test } from '@jest/globals';
import type { ExportKind } from '@throughline/contracts/api/session-export';
import fc from 'fast-check';
import { csvEncoder } from './csv.ts';

type Row = Readonly<Record<string, unknown>>;

function csv(columns: Readonly<Record<string, ExportKind>>, pages: readonly (readonly Row[])[], shift = 0): string {
  const encoder = csvEncoder<Row>(
    Object.entries(columns).map(([name, kind]) => ({ name, kind, of: (row) => row[name] })),
    shift,
  );
  return [encoder.begin(), ...pages.map((rows) => encoder.page(rows)), encoder.end()].join('');
}

/** RFC 4180, to the letter. */
function parse(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
          if (at >= text.length) throw new Error('a quote is not closed');
          if (text[at] === '"') at++;
          cell += text[at];
        }
        at++;
      } else {
        while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
          if (text[at] === '"' || text[at] === '\n') throw new Error('it is not quoted');
          cell += text[at++];
        }
      }
      record.push(cell);
      if (text[at] !== ',') break;
      at++;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error('a record does not end');
    at += 2;
    records.push(record);
  }
  return records;
}

test('is read back as it was written, whatever a text holds, but for what a spreadsheet would run', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom('"', ',', '\r', '\n', '=', '+', '-', '@', '\t', 'a', "'", '1')).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(fc.array(fc.array(fc.tuple(nasty, nasty))), (pages) => {
      const rows = pages.map((page) => page.map(([a, b]) => ({ a, b })));
      const harmless = (text: string) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
      expect(parse(csv({ a: 'text', b: 'text' }, rows))).toEqual([
        ['a', 'b'],
        ...rows.flat().map(({ a, b }) => [harmless(a), harmless(b)]),
      ]);
    }),
  );
});

test('has an apostrophe before formulas in texts, and none before numbers', () => {
  const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "=cmd|' /C calc'!A0", 'a=1', ''];
  const rows = texts.map((t) => ({ t, n: -1.5, i: -3, j: ['=1'], b: true, at: -1 }));
  const read = parse(csv({ t: 'text', n: 'number', i: 'int', j: 'json', b: 'boolean', at: 'time' }, [rows], 60));
  expect(read.slice(1).map(([t]) => t)).toEqual(texts.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)));
  expect(read[1]!.slice(1)).toEqual(['-1.5', '-3', '["=1"]', 'true', '1970-01-01T00:59:59.999+01:00']);
});

test('is empty where a value is missing', () => {
  expect(csv({ t: 'text', n: 'number', at: 'time', j: 'json' }, [[{ t: null, n: undefined }]])).toBe(
    't,n,at,j\r\n,,,\r\n',
  );
});
