/**
 * Says whether it is time to tell of something that may happen with every call: the first time, and then once in so long at
 * most.
 *
 * @param everyMs at least between two times. @param now ms.
 */
export function createSeldom(everyMs: number, now: () => number = () => performance.now()): () => boolean {
  let toldAt = Number.NEGATIVE_INFINITY;
  return () => {
    const at = now();
    if (at - toldAt < everyMs) return false;
    toldAt = at;
    return true;
  };
}
