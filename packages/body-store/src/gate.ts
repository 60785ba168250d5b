/** Lets so many pieces of work run at once; the others wait for their turn, in the order in which they came. */
export function createGate(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place goes to the next one without becoming free.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
