import type { PartitionProgress, ProgressBoard } from '@throughline/session-totals/progress-board';
import type { Freshness } from '../freshness.ts';

/** As often as owners write it. */
const READ_EVERY_MS = 250;

export interface BoardFreshness extends Freshness {
  /** Of one partition, as its owner wrote it last. */
  progress(partition: number): PartitionProgress;
  close(): Promise<void>;
}

/**
 * Freshness of answers that are read from stores which other processes fill: that of the partition furthest behind. A
 * partition that nobody has owned yet holds it at 1970.
 */
export async function readBoardFreshness(
  board: ProgressBoard,
  partitions: number,
  onError: (error: unknown) => void,
): Promise<BoardFreshness> {
  let known: ReadonlyMap<number, PartitionProgress> = new Map();
  let totalsAsOf = 0;
  let snapshotsAsOf = 0;
  let reading: Promise<void> | undefined;
  const look = async () => {
    known = await board.read();
    const all = Array.from({ length: partitions }, (_, partition) => known.get(partition) ?? UNKNOWN);
    totalsAsOf = Math.min(...all.map((one) => one.totalsAsOf));
    snapshotsAsOf = Math.min(...all.map((one) => one.snapshotsAsOf));
  };
  const refresh = () => {
    reading ??= look()
      .catch(onError)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  await refresh();
  const timer = setInterval(refresh, READ_EVERY_MS).unref();
  return {
    totalsAsOf: () => totalsAsOf,
    snapshotsAsOf: () => snapshotsAsOf,
    progress: (partition) => known.get(partition) ?? UNKNOWN,
    async close() {
      clearInterval(timer);
      await reading;
      await board.close();
    },
  };
}

const UNKNOWN: PartitionProgress = { totalsAsOf: 0, snapshotsAsOf: 0, totalsOffset: -1, snapshotsOffset: -1 };
