import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shownPieces } from './shown-pieces.ts';
import { type TextPiece, textPieces } from './text-pieces.ts';

const sideA = (pieces: readonly TextPiece[]) => pieces.map(({ op, text }) => (op === 'insert' ? '' : text)).join('');
const sideB = (pieces: readonly TextPiece[]) => pieces.map(({ op, text }) => (op === 'delete' ? '' : text)).join('');

/** Words that come again and again, on lines that do; halves of surrogate pairs and combining marks among them. */
const word = fc.oneof(
  fc.constantFrom(
    'the',
    'agent',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '.',
    'é',
    'e\u0301',
    '😀',
    '\ud83d',
    '日本',
    'ที่',
    '👍',
    '🏽',
    '\u200d',
    '🇳🇴',
    'w'.repeat(40),
    '\u0000',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(''));
/** Two texts, mostly alike. */
const texts = fc.oneof(
  fc.tuple(text, text),
  fc.tuple(text, text, text, text).map(([start, a, b, end]) => [start + a + end, start + b + end] as const),
);

describe('pieces of two texts', () => {
  test('hold all of both', () => {
    fc.assert(
      fc.property(texts, ([a, b]) => {
        const pieces = textPieces(a, b);
        expect([sideA(pieces), sideB(pieces)]).toEqual([a, b]);
      }),
      { numRuns: 500 },
    );
  });

  test('are one that is equal where the texts are', () => {
    fc.assert(
      fc.property(text, (a) => {
        expect(textPieces(a, a)).toEqual(a === '' ? [] : [{ op: 'equal', text: a }]);
      }),
    );
  });

  test('are the same the other way round, with insertions for deletions', () => {
    fc.assert(
      fc.property(texts, ([a, b]) => {
        const back = textPieces(b, a).map(({ op, text: own }) => ({ op: OTHER[op], text: own }));
        const sorted = (pieces: readonly TextPiece[]) => pieces.map(({ op, text: own }) => `${op} ${own}`).sort();
        expect(sorted(back)).toEqual(sorted(textPieces(a, b)));
      }),
      { numRuns: 500 },
    );
  });

  test('alternate: nothing is equal beside what is equal, and each change is deleted first, then inserted', () => {
    fc.assert(
      fc.property(texts, ([a, b]) => {
        const ops = textPieces(a, b).map(({ op }) => op[0]);
        expect(ops.join('')).toMatch(/^e?((d|i|di)e)*(d|i|di)?$/);
      }),
    );
  });

  test('are of words, not of letters, and of lines where those are other lines', () => {
    expect(
      textPieces('I will book flight HAT001 now.\nDone.\n', 'I will cancel flight HAT001 now.\nSorry.\nDone.\n'),
    ).toEqual([
      { op: 'equal', text: 'I will ' },
      { op: 'delete', text: 'book' },
      { op: 'insert', text: 'cancel' },
      { op: 'equal', text: ' flight HAT001 now.\n' },
      { op: 'insert', text: 'Sorry.\n' },
      { op: 'equal', text: 'Done.\n' },
    ]);
  });

  test('are of letters where words have no space between them', () => {
    expect(textPieces('今天天气不好吗', '今天天气很好吗')).toEqual([
      { op: 'equal', text: '今天天气' },
      { op: 'delete', text: '不' },
      { op: 'insert', text: '很' },
      { op: 'equal', text: '好吗' },
    ]);
  });

  test.each([
    ['👍', '👍🏽'],
    ['👩‍🚀', '👩‍🔬'],
    ['🇳🇴', '🇳🇱'],
    ['ที่', 'ที'],
  ])('divide no character: %s and %s', (a, b) => {
    expect(textPieces(`so ${a} it is`, `so ${b} it is`)).toEqual([
      { op: 'equal', text: 'so ' },
      { op: 'delete', text: a },
      { op: 'insert', text: b },
      { op: 'equal', text: ' it is' },
    ]);
  });

  test.each([
    ['X', 'Y'],
    ['', 'Y'],
    ['😀', '😁'],
    ['e\u0301', 'e\u0300'],
  ])('show what differs within a word that is too long to be one: %j and %j', (a, b) => {
    const [before, behind] = ['a'.repeat(40), 'b'.repeat(50)];
    const pieces = textPieces(`${before}${a}${behind}`, `${before}${b}${behind}`);
    expect(pieces).toEqual([
      { op: 'equal', text: before },
      ...(a === '' ? [] : [{ op: 'delete', text: a }]),
      { op: 'insert', text: b },
      { op: 'equal', text: behind },
    ]);
  });

  test('join words that change one by one', () => {
    expect(textPieces('say one two three here', 'say uno dos tres here')).toEqual([
      { op: 'equal', text: 'say ' },
      { op: 'delete', text: 'one two three' },
      { op: 'insert', text: 'uno dos tres' },
      { op: 'equal', text: ' here' },
    ]);
  });

  test('of two long texts with nothing in common are two', () => {
    const [a, b] = ['a', 'b'].map((letter) => Array.from({ length: 30_000 }, (_, i) => `${letter}${i}`).join(' '));
    expect(textPieces(a!, b!).map(({ op, text: own }) => [op, own.length])).toEqual([
      ['delete', a!.length],
      ['insert', b!.length],
    ]);
    expect(textPieces(a!.replaceAll(' ', '\n'), b!.replaceAll(' ', '\n'))).toHaveLength(2);
  });
});

const OTHER = { equal: 'equal', insert: 'delete', delete: 'insert' } as const;

describe('pieces as they are shown', () => {
  test('say of every character that it is there or left out', () => {
    const long = fc.tuple(text, fc.integer({ min: 1, max: 400 })).map(([one, times]) => one.repeat(times));
    fc.assert(
      fc.property(fc.tuple(long, text, text, long), ([start, a, b, end]) => {
        const pieces = textPieces(start + a + end, start + b + end);
        const shown = shownPieces(pieces);
        for (const op of ['equal', 'insert', 'delete'] as const) {
          const all = pieces.filter((piece) => piece.op === op).reduce((sum, piece) => sum + piece.text.length, 0);
          const said = shown
            .filter((piece) => piece.op === op)
            .reduce((sum, piece) => sum + piece.text.length + (piece.omitted ?? 0), 0);
          expect(said).toBe(all);
        }
        expect(shown.reduce((sum, piece) => sum + piece.text.length, 0)).toBeLessThanOrEqual(8_000);
      }),
    );
  });

  test('show of what is equal only what is beside a change', () => {
    const [before, behind] = [`${'x'.repeat(1_000)} before `, ` behind ${'y'.repeat(1_000)}`];
    const shown = shownPieces(textPieces(`${before}one${behind}`, `${before}two${behind}`));
    expect(shown).toEqual([
      { op: 'equal', text: '', omitted: before.length - 120 },
      { op: 'equal', text: before.slice(-120) },
      { op: 'delete', text: 'one' },
      { op: 'insert', text: 'two' },
      { op: 'equal', text: behind.slice(0, 120), omitted: behind.length - 120 },
    ]);
  });

  test('end where they are too many, never within a character', () => {
    const shown = shownPieces([
      { op: 'insert', text: `x${'😀'.repeat(5_000)}` },
      { op: 'equal', text: 'then' },
      { op: 'delete', text: 'gone' },
    ]);
    expect(shown).toEqual([
      { op: 'insert', text: `x${'😀'.repeat(3_999)}`, omitted: 2_002 },
      { op: 'equal', text: '', omitted: 4 },
      { op: 'delete', text: '', omitted: 4 },
    ]);
  });
});
