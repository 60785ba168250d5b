import type { ProgressBoard } from '@throughline/session-totals/progress-board';
import type { Freshness } from '../freshness.ts';

/** As often as owners write it. */
const READ_EVERY_MS = 250;

export interface BoardFreshness extends Freshness {
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
  let totalsAsOf = 0;
  let snapshotsAsOf = 0;
  let reading: Promise<void> | undefined;
  const look = async () => {
    const progress = await board.read();
    const all = Array.from({ length: partitions }, (_, partition) => progress.get(partition));
    totalsAsOf = Math.min(...all.map((one) => one?.totalsAsOf ?? 0));
    snapshotsAsOf = Math.min(...all.map((one) => one?.snapshotsAsOf ?? 0));
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
    async close() {
      clearInterval(timer);
      await reading;
      await board.close();
    },
  };
}
