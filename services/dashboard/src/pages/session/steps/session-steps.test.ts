import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StepsAnswer } from './ask-steps.ts';
import { type FakeStep, fakeColumns } from './fake-steps.ts';
import { stepMatcher } from './match-step.ts';
import { foldedPath, pathSegments, plainPath } from './path-segments.ts';
import { takeSteps } from './session-steps.ts';

const answer = (steps: FakeStep[], complete = true): StepsAnswer => ({
  count: steps.length,
  complete,
  truncated: false,
  next: 'next',
  columns: fakeColumns(steps),
});

describe('steps of a session', () => {
  it('are added in order of time, changed where they were known, and replaced by a whole answer', () => {
    const first = takeSteps(
      undefined,
      answer([
        { position: 1, request_id: 'a' },
        { position: 2, request_id: 'b' },
      ]),
    );
    const later = takeSteps(
      first,
      answer(
        [
          { position: 1, request_id: 'a', status: 500 },
          { position: 3, request_id: 'c', started_at: 500 },
        ],
        false,
      ),
    );
    expect(later.columns.request_id).toEqual(['a', 'c', 'b']);
    expect(later.columns.status).toEqual([500, 200, 200]);
    expect(later.byId.get('b')).toBe(2);
    expect(takeSteps(later, answer([{ request_id: 'z' }])).columns.request_id).toEqual(['z']);
  });

  it('are the same however they are cut into answers', () => {
    const step = fc.record({ started_at: fc.nat(50), request_id: fc.string({ minLength: 1, maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), fc.nat(20), (given, cut) => {
        const steps = given.map((one, position) => ({ ...one, position }));
        const all = [...steps].sort(
          (a, b) =>
            a.started_at - b.started_at ||
            (a.request_id < b.request_id ? -1 : a.request_id > b.request_id ? 1 : 0) ||
            a.position - b.position,
        );
        let taken = takeSteps(undefined, answer([]));
        taken = takeSteps(taken, answer(steps.slice(0, cut), false));
        taken = takeSteps(taken, answer(steps.slice(cut), false));
        expect(taken.columns.position).toEqual(all.map(({ position }) => position));
      }),
    );
  });

  it('are found by path, model, status and error', () => {
    const columns = fakeColumns([
      { path: '/Plan' },
      { model: 'gpt-4o' },
      { status: 503, is_error: true, error_message: 'Overloaded' },
    ]);
    const found = (text: string) => [0, 1, 2].filter(stepMatcher(columns, text)!);
    expect(found('plan')).toEqual([0]);
    expect(found('GPT')).toEqual([1]);
    expect(found('503')).toEqual([2]);
    expect(found('overload')).toEqual([2]);
    expect(found('error')).toEqual([2]);
    expect(stepMatcher(columns, '  ')).toBeUndefined();
  });
});

describe('paths', () => {
  it('have one spelling, and fold what only counts or names', () => {
    expect(['', '/', 'a/b', '/a//b/'].map(plainPath)).toEqual(['/', '/', '/a/b', '/a/b']);
    expect(foldedPath('/page/12/user/0f8fad5b-d9cb-469f-a165-70867728950e/x/0123456789abcdef')).toBe(
      '/page/{n}/user/{id}/x/{id}',
    );
    expect(foldedPath('/v2/abc')).toBe('/v2/abc');
  });

  it('have 32 levels at most, and lose nothing', () => {
    const path = `/${Array.from({ length: 40 }, (_, level) => level).join('/')}`;
    expect(pathSegments(path)).toHaveLength(32);
    expect(plainPath(path)).toBe(path);
  });
});
