import { describe, expect, test } from '@jest/globals';
import { createLane } from './lane.ts';

/** A task that ends when told to. */
function task() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const begun: string[] = [];
  const run = async (connection: string) => {
    begun.push(connection);
    await ended;
    return connection;
  };
  return { run, end, begun };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a lane', () => {
  test('runs one task per connection and the rest in order', async () => {
    const lane = createLane(['a', 'b'], 10);
    const tasks = [task(), task(), task(), task()];
    const results = tasks.map(({ run }) => lane.run(run));
    await settled();
    expect(tasks.map(({ begun }) => begun)).toEqual([['a'], ['b'], [], []]);
    expect({ running: lane.running, waiting: lane.waiting }).toEqual({ running: 2, waiting: 2 });
    tasks[1]!.end();
    expect(await results[1]).toBe('b');
    await settled();
    expect(tasks[2]!.begun).toEqual(['b']);
    for (const { end } of tasks) end();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'b', expect.any(String)]);
    expect({ running: lane.running, waiting: lane.waiting }).toEqual({ running: 0, waiting: 0 });
  });

  test('refuses one more than may wait, as something to try again', async () => {
    const lane = createLane(['a'], 1);
    const [first, second] = [task(), task()];
    const running = lane.run(first.run);
    const waiting = lane.run(second.run);
    await expect(lane.run(async () => 'third')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    first.end();
    second.end();
    await Promise.all([running, waiting]);
    expect(await lane.run(async () => 'third')).toBe('third');
  });

  test('gives the connection back when a task fails, also before its first wait', async () => {
    const lane = createLane(['a'], 1);
    await expect(lane.run(() => Promise.reject(new Error('late')))).rejects.toThrow('late');
    await expect(
      lane.run(() => {
        throw new Error('early');
      }),
    ).rejects.toThrow('early');
    expect(await lane.run(async (connection) => connection)).toBe('a');
  });

  test('keeps the connection of an abandoned task until it has really ended', async () => {
    const lane = createLane(['a'], 5);
    const abandoned = task();
    const abort = new AbortController();
    let told = 0;
    const first = lane.run(abandoned.run, { signal: abort.signal, onAbandoned: () => told++ });
    const second = lane.run(async () => 'second');
    abort.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await settled();
    expect({ told, running: lane.running, waiting: lane.waiting }).toEqual({ told: 1, running: 1, waiting: 1 });
    abandoned.end();
    expect(await second).toBe('second');
  });

  test('never begins a task that was given up while it waited', async () => {
    const lane = createLane(['a'], 1);
    const [first, never] = [task(), task()];
    const abort = new AbortController();
    let told = 0;
    const running = lane.run(first.run);
    const waiting = lane.run(never.run, { signal: abort.signal, onAbandoned: () => told++ });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    // Its place in the queue is free again.
    const next = lane.run(async () => 'next');
    first.end();
    await running;
    expect(await next).toBe('next');
    expect({ begun: never.begun, told }).toEqual({ begun: [], told: 0 });
  });

  test('closing rejects what waits, waits for what runs, and refuses what comes', async () => {
    const lane = createLane(['a'], 5);
    const running = task();
    const first = lane.run(running.run);
    const second = lane.run(async () => 'second');
    let closed = false;
    const closing = lane.close().then(() => {
      closed = true;
    });
    await expect(second).rejects.toMatchObject({ code: 'closed' });
    await expect(lane.run(async () => 'third')).rejects.toMatchObject({ code: 'closed' });
    await settled();
    expect(closed).toBe(false);
    running.end();
    await first;
    await closing;
  });

  test('runs a task alone, after what runs and before what comes', async () => {
    const lane = createLane(['a', 'b'], 10);
    const before = task();
    const running = lane.run(before.run);
    const events: string[] = [];
    const alone = lane.runAlone(async () => {
      events.push('alone');
      await settled();
      events.push('alone no longer');
    });
    const after = lane.run(async () => events.push('after'));
    await settled();
    expect(events).toEqual([]);
    before.end();
    await Promise.all([running, alone, after]);
    expect(events).toEqual(['alone', 'alone no longer', 'after']);
    expect({ running: lane.running, waiting: lane.waiting }).toEqual({ running: 0, waiting: 0 });
  });

  test('lets others go on when a task cannot run alone, because too many wait', async () => {
    const lane = createLane(['a', 'b'], 1);
    const [first, second] = [task(), task()];
    const running = [lane.run(first.run), lane.run(second.run)];
    await expect(lane.runAlone(async () => 'never')).rejects.toMatchObject({ code: 'unavailable' });
    first.end();
    second.end();
    await Promise.all(running);
    expect(await lane.run(async () => 'third')).toBe('third');
  });
});
