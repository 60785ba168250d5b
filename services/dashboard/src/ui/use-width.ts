import { type RefObject, useLayoutEffect, useState } from 'react';

/** Width of an element, px, as it changes; before it is there, of the window. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(() => window.innerWidth);
  useLayoutEffect(() => {
    if (!element.current) return;
    setWidth(element.current.clientWidth);
    const resizing = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    resizing.observe(element.current);
    return () => resizing.disconnect();
  }, [element]);
  return width;
}
