import { useCallback, useRef, useState } from 'react';

/**
 * A number that grows after changes, but at most once in a while: for what is dear to read and need not be of this second.
 *
 * @param apartMs how far apart two steps are at least.
 */
export function useSettled(apartMs: number): { readonly step: number; readonly changed: () => void } {
  const [step, setStep] = useState(0);
  const last = useRef(Date.now());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const changed = useCallback(() => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(
      () => {
        timer.current = undefined;
        last.current = Date.now();
        setStep((before) => before + 1);
      },
      Math.max(0, last.current + apartMs - Date.now()),
    );
  }, [apartMs]);
  return { step, changed };
}
