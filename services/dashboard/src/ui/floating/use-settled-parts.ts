import { cloneElement, type FocusEvent, type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import { useParts } from './use-parts.ts';

type Plain = ReactElement<{
  readonly onFocus?: (event: FocusEvent) => void;
  readonly onBlur?: (event: FocusEvent) => void;
}>;

/**
 * What floats, once it may take the place of a plain element: that makes the element anew, so one that has the focus keeps it
 * until it gives it away.
 *
 * @param isWanted somebody has asked for it: now, wherever the focus is.
 * @returns `parts`, or the element to show while there are none.
 */
export function useSettledParts(element: ReactElement, isWanted = false) {
  const parts = useParts();
  const [isSettled, setSettled] = useState(parts !== undefined);
  const hasFocus = useRef(false);
  const settle = useCallback(() => setSettled(true), []);
  const isReady = parts !== undefined && (isSettled || isWanted);
  useEffect(() => {
    if (parts && (isReady || !hasFocus.current)) settle();
  }, [parts, isReady, settle]);
  if (isReady) return { parts, plain: undefined };
  const { onFocus, onBlur } = (element as Plain).props;
  const plain = cloneElement(element as Plain, {
    onFocus: (event) => {
      hasFocus.current = true;
      onFocus?.(event);
    },
    onBlur: (event) => {
      hasFocus.current = false;
      onBlur?.(event);
      if (parts) settle();
    },
  });
  return { parts: undefined, plain };
}
