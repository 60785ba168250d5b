import { randomUUID } from 'node:crypto';
import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { startTcpProxy } from '@throughline/testkit/faults/tcp-proxy';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import type { RedisSessionTotals } from '../../src/redis/redis-session-totals.ts';
import type { SessionState } from '../../src/session-state.ts';
import { sampleFence, samplePartition, sampleState } from '../../src/session-state-samples.ts';
import { rebuildingLogId, type SessionStub } from '../../src/session-totals.ts';
import { CommittingOwner, openTotals } from './redis-owner.ts';

const unavailable = expect.objectContaining({ name: 'SessionTotalsError', code: 'unavailable', retryable: true });
const key = (sessionId: string) => ({ tenantId: 'tenant', sessionId });

let redis: RedisServer;
let namespace: string;
let warnings: string[];
let totals: RedisSessionTotals;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.remove());
beforeEach(async () => {
  // A test that failed may have left it down.
  if (redis.pid === undefined) await redis.restart();
  namespace = randomUUID();
  warnings = [];
  totals = await open();
});
afterEach(() => totals.close());

function open(options: Partial<Parameters<typeof openTotals>[0]> = {}): Promise<RedisSessionTotals> {
  return openTotals({ url: redis.url, namespace, onWarning: (message) => warnings.push(message), ...options });
}

async function restarted(): Promise<void> {
  await redis.restart();
  await waitFor(async () => (await totals.loadPartition(0)) !== null, { what: 'the connection to come back' });
}

describeWithServers(['redis'], 'session totals in Redis, when it dies', () => {
  test.each([
    ['always', 0],
    // While the file is being synced, Redis acknowledges what it has not yet written: two seconds of it at most.
    ['everysec', Number.POSITIVE_INFINITY],
  ])('are of one commit after kill -9, the last one with appendfsync %s', async (appendfsync, lostMax) => {
    const random = createRandom(seedFromEnv('kill -9 of Redis'));
    const owner = new CommittingOwner(totals);
    for (let round = 0; round < 4; round++) {
      await redis.cli('CONFIG', 'SET', 'appendfsync', appendfsync);
      const commits = owner.commits;
      owner.start();
      await waitFor(() => owner.commits > commits + 1, { what: 'commits' });
      await sleep(random.integer(0, 60));
      await redis.kill();
      await owner.stop();
      await restarted();
      const stored = await owner.storedOffset();
      expect(stored).toBeLessThanOrEqual(owner.acknowledged + 1);
      expect(stored).toBeGreaterThanOrEqual(owner.acknowledged - lostMax);
    }
  });

  test('refuse at once what is asked while it is down, and go on when it is back', async () => {
    const owner = new CommittingOwner(totals, { sessions: 3 });
    expect(await owner.commit(1)).toBe('committed');
    await redis.stop();
    await waitFor(() => warnings.length > 0, { what: 'the warning' });
    const calls = Array.from({ length: 50 }, () => [totals.read(key('s')), owner.commit(2), totals.loadPartition(0)]);
    const outcomes = await Promise.allSettled(calls.flat());
    for (const outcome of outcomes) expect(outcome).toEqual({ status: 'rejected', reason: unavailable });
    await waitFor(async () => {
      const error = await totals.loadMany(0, owner.keys).catch(String);
      return /cannot be reached at redis:.* \(.*ECONNREFUSED/.test(String(error));
    });
    await restarted();
    expect(await owner.storedOffset()).toBe(1);
    expect(await owner.commit(2)).toBe('committed');
    expect(warnings).toEqual([expect.stringContaining('is lost')]);
  });

  test('cannot be opened without it, and say that it is worth another try', async () => {
    const url = 'redis://127.0.0.1:1';
    await expect(openTotals({ url, startTimeoutMs: 300 })).rejects.toEqual(unavailable);
    const other = 'redis+sentinel://127.0.0.1:1?name=main';
    await expect(openTotals({ url: other, startTimeoutMs: 300 })).rejects.toEqual(unavailable);
    const cluster = 'redis+cluster://127.0.0.1:1,127.0.0.1:2';
    await expect(openTotals({ url: cluster, startTimeoutMs: 300 })).rejects.toEqual(unavailable);
  });
});

describeWithServers(['redis'], 'session totals in a Redis that does not answer', () => {
  test('fail after the time stated, and tell by their fence whether the commit came through later', async () => {
    const hasty = await open({ commandTimeoutMs: 400, readTimeoutMs: 200 });
    const owner = new CommittingOwner(hasty, { sessions: 20 });
    await owner.commit(1);
    redis.pause();
    const unanswered = owner.commit(2);
    await expect(unanswered).rejects.toEqual(unavailable);
    await expect(hasty.read(key('s'))).rejects.toThrow('no answer within 200 ms');
    redis.resume();
    // It was in the pipe, so it is carried out when Redis goes on.
    await waitFor(async () => (await owner.storedOffset()) === 2, { what: 'the late commit' });
    // The caller cannot know, and tries again.
    expect(await owner.commit(2)).toBe('refused');
    expect((await hasty.loadPartition(0))?.fence).toEqual(sampleFence(2));
    await hasty.close();
  });

  test('were committed or not when the answer is lost: the fence tells, and a repetition is refused', async () => {
    await using proxy = await startTcpProxy({ target: { port: redis.port } });
    const far = await open({ url: `redis://${proxy.address}` });
    const owner = new CommittingOwner(far, { sessions: 20 });
    await owner.commit(1);
    proxy.stall('toClient');
    const unanswered = owner.commit(2);
    unanswered.catch(() => {});
    await waitFor(() => proxy.held('toClient') > 0, { what: 'the answer on its way' });
    proxy.cut();
    proxy.unstall();
    await expect(unanswered).rejects.toEqual(unavailable);
    expect((await totals.loadPartition(0))?.fence).toEqual(sampleFence(2));
    await waitFor(async () => (await owner.storedOffset()) === 2, { what: 'the connection to come back' });
    expect(await owner.commit(2)).toBe('refused');
    expect(await owner.commit(3)).toBe('committed');
    await far.close();
  });

  test('are of one commit when connections break after any number of bytes', async () => {
    const random = createRandom(seedFromEnv('broken connections'));
    await using proxy = await startTcpProxy({ target: { port: redis.port } });
    const far = await open({ url: `redis://${proxy.address}` });
    const owner = new CommittingOwner(far, { sessions: 100 });
    for (let round = 0; round < 20; round++) {
      owner.start();
      const { commits } = owner;
      await waitFor(() => owner.commits > commits, { what: 'a commit' });
      // A commit has some 30 kB, its answer a few hundred bytes.
      const isRequest = random.chance(0.6);
      await proxy.cutAfter(isRequest ? 'toServer' : 'toClient', random.integer(1, isRequest ? 60_000 : 800));
      await owner.stop();
      const near = new CommittingOwner(totals, { sessions: 100 });
      expect([owner.acknowledged, owner.acknowledged + 1]).toContain(await near.storedOffset());
    }
    await far.close();
  });
});

describeWithServers(['redis'], 'session totals in a Redis that has lost something', () => {
  const persistent = () => join(redis.dir, 'appendonlydir');

  test('go on from an older copy, from its fence', async () => {
    const owner = new CommittingOwner(totals, { sessions: 30 });
    for (let offset = 1; offset <= 5; offset++) await owner.commit(offset);
    await redis.stop();
    const copy = join(redis.dir, 'copy');
    cpSync(persistent(), copy, { recursive: true });
    await restarted();
    for (let offset = 6; offset <= 9; offset++) await owner.commit(offset);
    await redis.kill();
    rmSync(persistent(), { recursive: true });
    cpSync(copy, persistent(), { recursive: true });
    await restarted();
    expect(await owner.storedOffset()).toBe(5);
    expect(await owner.commit(10)).toBe('refused');
    expect(await owner.storedOffset()).toBe(5);
    expect(await owner.commit(6)).toBe('committed');
  });

  test('are those of an earlier commit when the append-only file is cut anywhere', async () => {
    const random = createRandom(seedFromEnv('cut append-only file'));
    const owner = new CommittingOwner(totals, { sessions: 10 });
    for (let offset = 1; offset <= 8; offset++) await owner.commit(offset);
    const last = () => {
      const files = readdirSync(persistent()).filter((name) => name.endsWith('.incr.aof'));
      return join(persistent(), files.at(-1)!);
    };
    for (let round = 0; round < 3; round++) {
      const before = await owner.storedOffset();
      await redis.kill();
      truncateSync(last(), statSync(last()).size - random.integer(1, 9_000));
      await restarted();
      const offset = await owner.storedOffset();
      expect(offset).toBeLessThan(before);
      expect(offset).toBeGreaterThan(0);
      expect(await owner.commit(offset + 1)).toBe('committed');
      expect(await owner.commit(offset + 2)).toBe('committed');
    }
  });

  test('are empty after FLUSHALL, also in the middle of a rebuild, and nothing of before comes back', async () => {
    const live = [sampleState('old', 7), sampleState('both', 7)];
    const stub: SessionStub = { evicted: true, ...key('evicted'), snapshotVersion: 3n };
    await totals.commit(0, undefined, samplePartition(7), [...live, stub]);
    await redis.cli('FLUSHALL');
    expect(await totals.commit(0, sampleFence(7), samplePartition(8), live)).toBe('refused');
    expect(await totals.loadPartition(0)).toBeUndefined();
    expect((await totals.size()).sessions).toBe(0);

    const rebuilding = (offset: number) =>
      samplePartition(offset, { fence: { ...sampleFence(offset, 2), logId: rebuildingLogId('log') } });
    expect(await totals.commit(0, undefined, rebuilding(3), [sampleState('first page', 3)])).toBe('committed');
    expect(await totals.read(key('first page'))).toBeUndefined();
    await redis.cli('FLUSHALL');
    expect(await totals.commit(0, rebuilding(3).fence, rebuilding(5), live)).toBe('refused');
    expect(await totals.read(key('old'))).toBeUndefined();

    expect(await totals.commit(0, undefined, rebuilding(5), [sampleState('both', 5)])).toBe('committed');
    expect(await totals.commit(0, rebuilding(5).fence, samplePartition(5), [])).toBe('committed');
    const ids = ['old', 'both', 'first page', 'evicted'].map(key);
    expect(await totals.loadMany(0, ids)).toEqual([undefined, sampleState('both', 5), undefined, undefined]);
  });

  test.each(['state', 'sessions', 'activity'])('count as lost when only %s is gone, and begin anew', async (name) => {
    const stub: SessionStub = { evicted: true, ...key('evicted'), snapshotVersion: 3n };
    await totals.commit(0, undefined, samplePartition(1), [sampleState('a', 1), sampleState('b', 1), stub]);
    await redis.cli('DEL', `{tl:${namespace}:0}:${name}`);
    expect(await totals.commit(0, sampleFence(1), samplePartition(2), [sampleState('a', 2)])).toBe('refused');
    expect(await totals.loadPartition(0)).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('some of partition 0 is gone')]);
    expect(await totals.loadMany(0, [key('a'), key('evicted')])).toEqual([undefined, undefined]);
    expect(await totals.read(key('b'))).toBeUndefined();
    expect(await totals.commit(0, undefined, samplePartition(1), [sampleState('a', 1)])).toBe('committed');
    const found = await totals.loadMany(0, [key('a'), key('b'), key('evicted')]);
    expect(found).toEqual([sampleState('a', 1), undefined, undefined]);
  });

  test('are dropped by their operator, whoever owns them', async () => {
    const stub: SessionStub = { evicted: true, ...key('evicted'), snapshotVersion: 3n };
    await totals.commit(0, undefined, samplePartition(1), [sampleState('a', 1), stub]);
    await totals.commit(1, undefined, samplePartition(1), [sampleState('a', 1, { partition: 1 })]);
    const operator = await open();
    await operator.dropPartition(0);
    await operator.close();
    expect(await totals.commit(0, sampleFence(1), samplePartition(2), [])).toBe('refused');
    expect(await totals.loadPartition(0)).toBeUndefined();
    expect(await totals.loadPartition(1)).toEqual(samplePartition(1));
    const left = await redis.cli('--scan', '--pattern', `{tl:${namespace}:0}*`);
    expect(left).toBe('');
  });

  test('are corrupt, and not overwritten, where something else lies under a name of theirs', async () => {
    const corrupt = expect.objectContaining({ code: 'corrupt', retryable: false });
    await totals.commit(0, undefined, samplePartition(1), [sampleState('a', 1)]);
    await redis.cli('DEL', `{tl:${namespace}:0}:sessions`);
    await redis.cli('SET', `{tl:${namespace}:0}:sessions`, 'other');
    await expect(totals.loadPartition(0)).rejects.toEqual(corrupt);
    await expect(totals.commit(0, sampleFence(1), samplePartition(2), [sampleState('a', 2)])).rejects.toEqual(corrupt);
    expect(await redis.cli('GET', `{tl:${namespace}:0}:sessions`)).toBe('other');
    expect(await redis.cli('EXISTS', `{tl:${namespace}:0}:open`)).toBe('0');
  });
});

describeWithServers(['redis'], 'a Redis whose memory is full', () => {
  test('takes no commit that needs more, and takes the one that evicts sessions', async () => {
    const large = (id: number) => sampleState(`large ${id}`, 1, { tag: 'x'.repeat(50_000) });
    const states = Array.from({ length: 100 }, (_, i) => large(i));
    await totals.commit(0, undefined, samplePartition(0), states);
    // Active since, so that looking for idle ones has something to mend.
    const later = states.map((state) => ({ ...state, lastReceivedAt: state.lastReceivedAt + 1_000 }));
    await totals.commit(0, sampleFence(0), samplePartition(1), later);
    const used = Number(/used_memory:(\d+)/.exec(await redis.cli('INFO', 'memory'))![1]);
    await redis.cli('CONFIG', 'SET', 'maxmemory', String(used - 1_000_000));
    try {
      const full = expect.objectContaining({ code: 'full', retryable: true });
      await expect(totals.commit(0, sampleFence(1), samplePartition(2), [large(101)])).rejects.toEqual(full);
      expect(await totals.loadPartition(0)).toEqual(samplePartition(1));
      const idle = await totals.idle(0, Number.MAX_SAFE_INTEGER, 1_000);
      expect(idle).toHaveLength(100);
      const stubs = idle.map((session) => ({ evicted: true, ...session, snapshotVersion: 1n }) as const);
      expect(await totals.commit(0, sampleFence(1), samplePartition(1), stubs)).toBe('committed');
      expect(await totals.commit(0, sampleFence(1), samplePartition(2), [large(101)])).toBe('committed');
      expect(await totals.size()).toEqual({ sessions: 1, bytes: expect.any(Number) });
    } finally {
      await redis.cli('CONFIG', 'SET', 'maxmemory', '0');
    }
  });
});

describeWithServers(['redis'], 'a very large commit', () => {
  test('of ten thousand sessions of a kilobyte is one step, also for readers in between', async () => {
    const reader = await open({ readTimeoutMs: 30_000 });
    const sessions = (offset: number) =>
      Array.from({ length: 10_000 }, (_, i) =>
        sampleState(`session ${i}`, offset, { tag: `${i} ${'x'.repeat(1_000)}` }),
      );
    await totals.commit(0, undefined, samplePartition(1), sessions(1));
    let isDone = false;
    const reading = (async () => {
      for (let i = 0; !isDone; i = (i + 997) % 10_000) {
        const found = await reader.read(key(`session ${i}`));
        expect(found && 'state' in found && found.state.requests).toBe(found && 'fence' in found && found.fence.offset);
      }
    })();
    for (let offset = 2; offset <= 4; offset++) {
      await totals.commit(0, sampleFence(offset - 1), samplePartition(offset), sessions(offset));
    }
    isDone = true;
    await reading;
    const stored = (await totals.loadMany(0, sessions(4))) as SessionState[];
    expect(stored).toHaveLength(10_000);
    const wrong = stored.filter((state, i) => state.requests !== 4 || !state.tag?.startsWith(`${i} x`));
    expect(wrong).toEqual([]);
    expect(stored[9_999]).toEqual(sessions(4)[9_999]);
    const { sessions: count, bytes } = await totals.size();
    expect(count).toBe(10_000);
    expect(bytes).toBeGreaterThan(10_000_000);
    expect(bytes).toBeLessThan(40_000_000);
    await reader.close();
  });

  test('beyond what Redis is given at once is refused by name, before anything is sent', async () => {
    const tag = 'x'.repeat(5_000_000);
    const sessions = Array.from({ length: 27 }, (_, i) => sampleState(`session ${i}`, 1, { tag }));
    const error = expect.objectContaining({ code: 'full', retryable: false });
    await expect(totals.commit(0, undefined, samplePartition(1), sessions)).rejects.toEqual(error);
    expect(await totals.loadPartition(0)).toBeUndefined();
    expect(await totals.commit(0, undefined, samplePartition(1), sessions.slice(0, 5))).toBe('committed');
    expect(await totals.loadMany(0, sessions.slice(0, 5))).toEqual(sessions.slice(0, 5));
  });

  test('needs no script to be known to Redis', async () => {
    const owner = new CommittingOwner(totals, { sessions: 3 });
    for (let offset = 1; offset <= 5; offset++) {
      await redis.cli('SCRIPT', 'FLUSH');
      expect(await owner.commit(offset)).toBe('committed');
    }
    expect(await owner.storedOffset()).toBe(5);
  });
});
