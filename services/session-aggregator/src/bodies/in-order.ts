/**
 * The results of `work` in the order of its items, with some of those that have to be waited for under way at once. An
 * item is begun when it is asked for, or while one before it is waited for, within the bounds.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Result | Promise<Result>,
  { pendingMax, aheadMax, held }: InOrderBounds<Result>,
): AsyncGenerator<Result, void, undefined> {
  const begun: (Result | Promise<Result>)[] = [];
  let pending = 0;
  let weight = 0;
  const first = async () => {
    const result = begun.shift()!;
    if (result instanceof Promise) pending--;
    else if (held) weight -= held.weigh(result);
    return result;
  };
  const isFull = () => pending >= pendingMax || begun.length >= aheadMax || (held !== undefined && weight >= held.max);
  for (const item of items) {
    let result: Result | Promise<Result>;
    try {
      result = work(item);
    } catch (error) {
      // Those before it come first.
      while (begun.length > 0) yield await first();
      throw error;
    }
    if (result instanceof Promise) {
      pending++;
      // Whoever comes to it gets its failure; a failure before it ends all.
      result.catch(() => {});
    } else if (begun.length === 0) {
      yield result;
      continue;
    } else if (held) weight += held.weigh(result);
    begun.push(result);
    while (begun.length > 0 && (!(begun[0] instanceof Promise) || isFull())) yield await first();
  }
  while (begun.length > 0) yield await first();
}

export interface InOrderBounds<Result> {
  /** Results that are waited for at once. */
  readonly pendingMax: number;
  /** Items begun before the first of them is there, in all. */
  readonly aheadMax: number;
  /** What results weigh that are there and wait for the first, and from how much on no item is begun. Left out: they are only counted. */
  readonly held?: { weigh(result: Result): number; readonly max: number };
}
