/**
 * The results of `work` in the order of its items, with some of those that have to be waited for under way at once. An
 * item is begun when it is asked for, or while one before it is waited for.
 *
 * @param pendingMax results that are waited for at once.
 * @param aheadMax items begun before the first of them is there, in all.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Result | Promise<Result>,
  { pendingMax, aheadMax }: { readonly pendingMax: number; readonly aheadMax: number },
): AsyncGenerator<Result, void, undefined> {
  const begun: (Result | Promise<Result>)[] = [];
  let pending = 0;
  const first = async () => {
    const result = begun.shift()!;
    if (result instanceof Promise) pending--;
    return result;
  };
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
    }
    begun.push(result);
    while (begun.length > 0 && (!(begun[0] instanceof Promise) || pending >= pendingMax || begun.length >= aheadMax)) {
      yield await first();
    }
  }
  while (begun.length > 0) yield await first();
}
