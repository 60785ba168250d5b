import { useSyncExternalStore } from 'react';

/** How often relative times are read anew, ms. */
const EVERY_MS = 10_000;
const listeners = new Set<() => void>();
let now = Date.now();

setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, EVERY_MS);

/** Epoch ms, a few seconds old at most; all that show it change together. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => now,
  );
}
