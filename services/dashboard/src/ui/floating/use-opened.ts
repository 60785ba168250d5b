import { cloneElement, type MouseEvent, type ReactElement, useState } from 'react';
import { loadParts } from './use-parts.ts';
import { useSettledParts } from './use-settled-parts.ts';

interface Opened {
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
}

/**
 * A button that opens something which floats, whose code may not be there yet: a click then waits for it.
 *
 * @param given undefined: whether it is open is kept here.
 */
export function useOpened(trigger: ReactElement, popup: 'menu' | 'dialog', given?: Partial<Opened>) {
  const [isOwnOpen, setOwnOpen] = useState(false);
  const isOpen = given?.isOpen ?? isOwnOpen;
  const setOpen = (next: boolean) => {
    setOwnOpen(next);
    given?.setOpen?.(next);
  };
  const { onClick, ...props } = trigger.props as { readonly onClick?: (event: MouseEvent) => void };
  const waiting = cloneElement(trigger as ReactElement<Record<string, unknown>>, {
    ...props,
    'aria-haspopup': popup,
    'aria-expanded': false,
    onClick: (event: MouseEvent) => {
      onClick?.(event);
      void loadParts();
      setOpen(true);
    },
  });
  return { ...useSettledParts(waiting, isOpen), isOpen, setOpen };
}
