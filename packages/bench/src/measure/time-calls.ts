/** Calls one after the other, as many as fit into a time but one at least. @returns how long each took, ms. */
export async function timeCalls(
  work: () => Promise<unknown>,
  { forMs, callsMax }: { readonly forMs: number; readonly callsMax: number },
): Promise<number[]> {
  const times: number[] = [];
  const until = performance.now() + forMs;
  while (times.length < callsMax && (times.length === 0 || performance.now() < until)) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}
