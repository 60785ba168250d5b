import { type BodyKey, positionOf, type StoredBodies } from '../queries/read-bodies.ts';
import type { RecordedStep } from './recorded-steps.ts';

/** Steps whose bodies are read together: a query costs the store as much for one as for some. */
const STEPS_TOGETHER_MAX = 32;
/** And their bytes, unless one alone has more. */
const BYTES_TOGETHER_MAX = 8 * 1024 * 1024;

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
  for (const together of batches(steps)) {
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

function batches(steps: readonly RecordedStep[]): RecordedStep[][] {
  const made: RecordedStep[][] = [];
  let bytes = 0;
  for (const step of steps) {
    const own = step.request.bytes + step.response.bytes;
    const last = made.at(-1);
    if (last && last.length < STEPS_TOGETHER_MAX && bytes + own <= BYTES_TOGETHER_MAX) {
      last.push(step);
      bytes += own;
    } else {
      made.push([step]);
      bytes = own;
    }
  }
  return made;
}
