import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createTenantTurns } from './tenant-turns.ts';

const OPTIONS = { runningMax: 2, waitingMax: 3, waitMsMax: 5_000 };

/** A query that runs until it is told how it ends. */
function query() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = jest.fn(() => promise);
  return { run, resolve, reject };
}

const settled = () => jest.advanceTimersByTimeAsync(0);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('queries of one tenant', () => {
  test('run up to a share at once, the others in their order', async () => {
    const turns = createTenantTurns(OPTIONS);
    const all = [query(), query(), query(), query()];
    const answers = all.map(({ run }) => turns.run('acme', run));
    await settled();
    expect(all.map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 0, 0]);
    all[1]!.resolve('second');
    await settled();
    expect(all.map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 1, 0]);
    all[0]!.reject(new Error('the engine said no'));
    await expect(answers[0]).rejects.toThrow('the engine said no');
    expect(all[3]!.run).toHaveBeenCalledTimes(1);
    all[2]!.resolve('third');
    all[3]!.resolve('fourth');
    expect(await Promise.all(answers.slice(1))).toEqual(['second', 'third', 'fourth']);
  });

  test('are refused where too many wait already, and served again once those are done', async () => {
    const turns = createTenantTurns(OPTIONS);
    const all = Array.from({ length: 5 }, query);
    const answers = all.map(({ run }) => turns.run('acme', run));
    await expect(turns.run('acme', query().run)).rejects.toMatchObject({ code: 'too-many-queries', status: 429 });
    for (const { resolve } of all) resolve('done');
    await Promise.all(answers);
    await expect(turns.run('acme', async () => 'later')).resolves.toBe('later');
  });

  test('are refused when their turn does not come in time, and never run then', async () => {
    const turns = createTenantTurns(OPTIONS);
    const running = [query(), query()];
    const answers = running.map(({ run }) => turns.run('acme', run));
    const late = query();
    const refused = expect(turns.run('acme', late.run)).rejects.toMatchObject({ code: 'too-many-queries' });
    await jest.advanceTimersByTimeAsync(OPTIONS.waitMsMax);
    await refused;
    for (const { resolve } of running) resolve('done');
    await Promise.all(answers);
    expect(late.run).not.toHaveBeenCalled();
  });

  test('do not wait for a caller who has gone', async () => {
    const turns = createTenantTurns(OPTIONS);
    const running = [query(), query()];
    const answers = running.map(({ run }) => turns.run('acme', run));
    const gone = new AbortController();
    const left = query();
    const refused = expect(turns.run('acme', left.run, gone.signal)).rejects.toMatchObject({ status: 429 });
    gone.abort();
    await refused;
    const next = query();
    const answer = turns.run('acme', next.run);
    running[0]!.resolve('done');
    next.resolve('next');
    expect(await answer).toBe('next');
    running[1]!.resolve('done');
    await Promise.all(answers);
    expect(left.run).not.toHaveBeenCalled();
  });
});

test('one tenant does not wait for another', async () => {
  const turns = createTenantTurns(OPTIONS);
  const heavy = Array.from({ length: 5 }, query);
  const answers = heavy.map(({ run }) => turns.run('acme', run));
  await expect(turns.run('rival', async () => 'at once')).resolves.toBe('at once');
  for (const { resolve } of heavy) resolve('done');
  await Promise.all(answers);
});
