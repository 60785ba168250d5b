import { groupNeighbours } from '../group-neighbours.ts';
import { type BodyKey, positionOf, type StoredBodies } from '../queries/read-bodies.ts';
import type { RecordedStep } from './recorded-steps.ts';

/** Steps whose bodies are read together, a query costs the store as much for one as for some; and their bytes on the wire. */
const TOGETHER = { countMax: 32, weightMax: 8 * 1024 * 1024 };

type Found = ReadonlyMap<string, StoredBodies>;

interface Batch {
  readonly steps: readonly RecordedStep[];
  /** Undefined until one of them is asked for. */
  found: Promise<Found> | undefined;
  /** Of its steps, how many were not given out yet. */
  left: number;
}

/**
 * Bodies of steps that are asked for in their order, each once, and then all of them again: a few are read ahead, and what was
 * given out is not kept. Rejects where the store does not answer, which it is asked again for the next step.
 */
export function bodiesAhead(
  steps: readonly RecordedStep[],
  read: (places: readonly BodyKey[]) => Promise<Found>,
): (step: RecordedStep) => Promise<StoredBodies | undefined> {
  const batchOf = new Map<RecordedStep, Batch>();
  for (const together of groupNeighbours(steps, bytesOf, TOGETHER)) {
    const batch: Batch = { steps: together, found: undefined, left: together.length };
    for (const step of together) batchOf.set(step, batch);
  }
  return async (step) => {
    const batch = batchOf.get(step);
    if (!batch) return undefined;
    batch.found ??= read(batch.steps.map(({ place }) => place));
    const { found } = batch;
    batch.left -= 1;
    if (batch.left === 0) {
      batch.left = batch.steps.length;
      batch.found = undefined;
    }
    try {
      return (await found).get(positionOf(step.place));
    } catch (error) {
      if (batch.found === found) batch.found = undefined;
      throw error;
    }
  };
}

function bytesOf({ request, response }: RecordedStep): number {
  return request.bytes + response.bytes;
}
