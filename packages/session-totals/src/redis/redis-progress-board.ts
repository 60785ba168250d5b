import type { PartitionProgress, ProgressBoard } from '../progress-board.ts';
import { openConnection } from './open-connection.ts';
import { parseRedisUrl } from './parse-redis-url.ts';
import type { RedisSessionTotalsOptions } from './redis-session-totals.ts';

/** Whoever asks wants to know how fresh an answer is now: later it is worth nothing. */
const TIMEOUT_MS = 2_000;

/**
 * One hash for all partitions of a topic, `tl:<namespace>:progress`, read whole.
 *
 * @throws as `openRedisSessionTotals`.
 */
export async function openRedisProgressBoard(
  options: Pick<RedisSessionTotalsOptions, 'url' | 'namespace' | 'onWarning' | 'startTimeoutMs'>,
): Promise<ProgressBoard> {
  const connection = await openConnection(parseRedisUrl(options.url), {
    commandTimeoutMs: TIMEOUT_MS,
    startTimeoutMs: options.startTimeoutMs ?? 10_000,
    silenceMaxMs: 2 * TIMEOUT_MS,
    onWarning: options.onWarning,
  });
  const { client } = connection;
  const key = `tl:${options.namespace}:progress`;
  return {
    async publish(progress) {
      if (progress.size === 0) return;
      const fields = [...progress].flatMap(([partition, one]) => [
        String(partition),
        `${one.totalsAsOf} ${one.snapshotsAsOf} ${one.totalsOffset} ${one.snapshotsOffset}`,
      ]);
      await connection.answer(TIMEOUT_MS, 'keep progress', client.hset(key, ...fields));
    },
    async read() {
      const stored = await connection.answer(TIMEOUT_MS, 'read progress', client.hgetall(key));
      return new Map(Object.entries(stored).flatMap(([partition, text]) => entryOf(Number(partition), text)));
    },
    close: () => connection.close(),
  };
}

/** Owners of earlier versions told no offsets. */
function entryOf(partition: number, text: string): [number, PartitionProgress][] {
  const [totalsAsOf = 0, snapshotsAsOf = 0, totalsOffset = -1, snapshotsOffset = -1] = text.split(' ').map(Number);
  const progress = { totalsAsOf, snapshotsAsOf, totalsOffset, snapshotsOffset };
  const isSound = [partition, ...Object.values(progress)].every((value) => Number.isFinite(value));
  return isSound ? [[partition, progress]] : [];
}
