import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AlignableStep, alignSteps } from './align-steps.ts';
import { patiencePairs } from './patience-pairs.ts';
import { wordSketch } from './word-sketch.ts';

/** `path: question`, or a question alone; what it asks is all before it and itself. */
function stepsOf(...questions: readonly string[]): AlignableStep[] {
  let before = '';
  return questions.map((text, index) => {
    const [, path = '/', question = ''] = /^(?:(\/\S*): )?(.*)$/.exec(text)!;
    before += `${question}\n`;
    return step({ requestId: `${index}`, path, family: path, question, asked: before });
  });
}

function step(over: Partial<AlignableStep>): AlignableStep {
  const words = wordSketch(over.question ?? '');
  return { requestId: '', path: '/', family: '/', kind: 'llm', asked: '', question: '', words, replays: '', ...over };
}

/** Such as `0=0 1- -1`. */
function shown(a: readonly AlignableStep[], b: readonly AlignableStep[]): string {
  return alignSteps(a, b)
    .map((row) => `${row.a ?? ''}${row.a !== undefined && row.b !== undefined ? '=' : '-'}${row.b ?? ''}`)
    .join(' ');
}

describe('aligning steps', () => {
  test('one that is inserted, removed or changed shifts no others', () => {
    const a = stepsOf('book a flight', 'look it up', 'found three', 'pay by card', 'done');
    expect(shown(a, a)).toBe('0=0 1=1 2=2 3=3 4=4');
    expect(shown(a, stepsOf('book a flight', 'who are you', 'look it up', 'found three', 'pay by card', 'done'))).toBe(
      '0=0 -1 1=2 2=3 3=4 4=5',
    );
    expect(shown(a, stepsOf('book a flight', 'found three', 'pay by card', 'done'))).toBe('0=0 1- 2=1 3=2 4=3');
    expect(shown(a, stepsOf('book a flight', 'look it up', 'found two', 'pay by card', 'done'))).toBe(
      '0=0 1=1 2=2 3=3 4=4',
    );
  });

  test('of several in the place of another, the one that has most in common with it is its own', () => {
    const a = stepsOf('start', 'the flight to Seattle on May 20 costs 300', 'end');
    const b = stepsOf('start', 'your name please', 'the flight to Seattle on May 20 costs 250', 'thank you', 'end');
    expect(shown(a, b)).toBe('0=0 -1 1=2 -3 2=4');
  });

  test('steps of other paths and kinds are never each other’s, however alike they are', () => {
    expect(shown(stepsOf('/a: x', '/b: y'), stepsOf('/b: y', '/a: x'))).toBe('0=1 1=0');
    expect(shown(stepsOf('/a: x'), stepsOf('/b: x'))).toBe('-0 0-');
    expect(shown([step({ kind: 'tool' })], [step({ kind: 'llm' })])).toBe('-0 0-');
  });

  test('paths with ids of their own are taken for each other where the other session has no such path', () => {
    const a = [
      step({ path: '/run-1/plan', family: '/{id}/plan' }),
      step({ path: '/chapter/1', family: '/chapter/{n}' }),
    ];
    const b = [
      step({ path: '/run-2/plan', family: '/{id}/plan' }),
      step({ path: '/chapter/1', family: '/chapter/{n}' }),
    ];
    expect(shown(a, b)).toBe('0=0 1=1');
    expect(shown(a, [b[0]!, step({ path: '/chapter/2', family: '/chapter/{n}' }), b[1]!])).toBe('0=0 -1 1=2');
  });

  test('a step that names the one it repeats is its own, wherever both are; a second that does is not', () => {
    const a = stepsOf('one', 'two', 'three');
    const b = [
      step({ replays: '2', path: '/elsewhere', kind: 'tool' }),
      step({ replays: '2' }),
      step({ replays: '0' }),
    ];
    const rows = alignSteps(a, b);
    expect(rows).toContainEqual({ a: 2, b: 0, isReplay: true });
    expect(rows).toContainEqual({ a: 0, b: 2, isReplay: true });
    expect(rows).toContainEqual({ a: 1, b: 1, isReplay: false });
    // Whichever of the two is named first.
    expect(alignSteps(b, a)).toContainEqual({ a: 0, b: 2, isReplay: true });
  });

  const text = fc.constantFrom('ask', 'ask again', 'search the web', 'web search', 'answer', '__proto__', '');
  const steps = fc
    .array(
      fc.record({
        path: fc.constantFrom('/', '/a', '/a/1', '/a/2'),
        kind: fc.constantFrom('llm', 'tool'),
        question: text,
        asked: text,
        replays: fc.constantFrom('', '', '', '1', '7'),
      }),
      { maxLength: 40 },
    )
    .map((all) =>
      all.map((one, index) => step({ ...one, requestId: `${index}`, family: one.path.replace(/\d/, '{n}') })),
    );

  test('every step of both is there once', () => {
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const rows = alignSteps(a, b);
        const places = (side: 'a' | 'b') => rows.flatMap((row) => row[side] ?? []).sort((i, j) => i - j);
        expect(places('a')).toEqual([...a.keys()]);
        expect(places('b')).toEqual([...b.keys()]);
        expect(rows.every((row) => row.a !== undefined || row.b !== undefined)).toBe(true);
      }),
    );
  });

  test('a session beside itself is aligned with itself', () => {
    fc.assert(
      fc.property(steps, (a) => {
        const own = a.map((one) => ({ ...one, replays: '' }));
        for (const row of alignSteps(own, own)) expect(row.b).toBe(row.a);
      }),
    );
  });

  test('the pairs are the same whichever session is named first', () => {
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const linkless = (all: AlignableStep[]) => all.map((one) => ({ ...one, replays: '' }));
        const pairs = (rows: readonly { a: number | undefined; b: number | undefined }[]) =>
          rows.map((row) => `${row.a ?? ''}=${row.b ?? ''}`).sort();
        const there = alignSteps(linkless(a), linkless(b));
        const back = alignSteps(linkless(b), linkless(a)).map((row) => ({ a: row.b, b: row.a }));
        expect(pairs(back)).toEqual(pairs(there));
      }),
    );
  });

  test('ten thousand steps a side that have nothing in common are paired in order, all of them', () => {
    const many = (name: string) =>
      Array.from({ length: 10_000 }, (_, i) => step({ asked: `${name}${i}`, question: `${name}${i}` }));
    const rows = alignSteps(many('a'), many('b'));
    expect(rows).toHaveLength(10_000);
    expect(rows.every((row) => row.a === row.b)).toBe(true);
  });
});

test('patience pairs are of equal texts, ascend on both sides, and are all where nothing differs', () => {
  const texts = fc.array(fc.constantFrom(...'abcdefghij'), { maxLength: 60 });
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const pairs = patiencePairs(a, b);
      for (const [index, [i, j]] of pairs.entries()) {
        expect(a[i]).toBe(b[j]);
        const next = pairs[index + 1];
        if (next) expect(next[0] > i && next[1] > j).toBe(true);
      }
      expect(patiencePairs(a, a)).toHaveLength(a.length);
    }),
  );
});
