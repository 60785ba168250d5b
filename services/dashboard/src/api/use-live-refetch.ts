import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLiveChange } from './live.tsx';

/**
 * Asks anew for what is shown whenever something of the tenant has changed, at most once in a while.
 *
 * @param queryKey how the keys of these queries begin.
 */
export function useLiveRefetch(queryKey: readonly unknown[], everyMs: number): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const lastMs = useRef(Date.now());
  useLiveChange(null, () => {
    if (timer.current !== undefined) return;
    const wait = Math.max(0, lastMs.current + everyMs - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      lastMs.current = Date.now();
      void client.invalidateQueries({ queryKey });
    }, wait);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}
