import { useSyncExternalStore } from 'react';

const narrow = window.matchMedia('(max-width: 899px)');

/** Whether there is no room for a panel beside a view. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}
