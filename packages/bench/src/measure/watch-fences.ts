import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../contestants/world.ts';
import type { FenceMoves } from './stalls.ts';

/** Looks at the fences of all partitions over and over. */
export interface FenceWatch {
  /** Per partition; offsets and epochs as last seen. */
  readonly seen: readonly { readonly offset: number; readonly epoch: number; readonly movedAt: number[] }[];
  /** When it last looked, on the clock of `performance.now()`. */
  readonly lookedAt: number;
  stop(): Promise<readonly FenceMoves[]>;
}

const LOOK_EVERY_MS = 50;

/** Resolves once it has looked for the first time. */
export async function watchFences(world: World): Promise<FenceWatch> {
  const seen = Array.from({ length: world.partitions }, () => ({ offset: -1, epoch: 0, movedAt: [] as number[] }));
  let lookedAt = performance.now();
  let isOver = false;
  const look = async () => {
    const fences = await world.fences();
    lookedAt = performance.now();
    for (const [partition, fence] of fences.entries()) {
      const own = seen[partition]!;
      if (!fence) continue;
      if (fence.offset > own.offset) own.movedAt.push(lookedAt);
      own.offset = fence.offset;
      own.epoch = fence.epoch;
    }
  };
  await look();
  const watching = (async () => {
    while (!isOver) {
      await sleep(LOOK_EVERY_MS);
      await look();
    }
  })();
  // Whoever stops it learns of a failure.
  watching.catch(() => {});
  return {
    seen,
    get lookedAt() {
      return lookedAt;
    },
    async stop() {
      isOver = true;
      await watching;
      return seen;
    },
  };
}
