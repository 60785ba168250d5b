import type { ReactElement, ReactNode } from 'react';
import styles from './floating/floating.module.css';
import { useOpened } from './floating/use-opened.ts';

interface PopoverProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** What it is, for screen readers. */
  readonly label: string;
  readonly children: ReactNode;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly align?: 'start' | 'end';
}

export function Popover({ trigger, label, children, isOpen: given, onOpenChange, align = 'start' }: PopoverProps) {
  const { parts, plain, isOpen, setOpen } = useOpened(trigger, 'dialog', { isOpen: given, setOpen: onOpenChange });
  if (!parts) return plain;
  const { Popover: Base } = parts;
  return (
    <Base.Root open={isOpen} onOpenChange={setOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className={styles.positioner}>
          <Base.Popup aria-label={label} className={`${styles.popup} ${styles.popover}`}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
