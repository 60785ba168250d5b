/**
 * Lets callers share the answer to a slow question: each gets one that was asked after its call, and at most one asking
 * is under way and one more waits for it.
 */
export function sharedAnswer<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= asking.then(() => {
      next = undefined;
      const answer = ask();
      asking = answer.catch(() => {});
      return answer;
    });
    return next;
  };
}
