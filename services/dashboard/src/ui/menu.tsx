import type { ComponentProps, ReactElement, ReactNode } from 'react';
import styles from './floating/floating.module.css';
import type { Menu as BaseMenu } from './floating/parts.ts';
import { useOpened } from './floating/use-opened.ts';
import { useParts } from './floating/use-parts.ts';

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

export function Menu({ trigger, children, isOpen: given, onOpenChange }: MenuProps) {
  const { parts, plain, isOpen, setOpen } = useOpened(trigger, 'menu', { isOpen: given, setOpen: onOpenChange });
  if (!parts) return plain;
  const { Menu: Base } = parts;
  return (
    <Base.Root modal={false} open={isOpen} onOpenChange={setOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className={styles.positioner}>
          <Base.Popup className={styles.popup}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Within a menu, which is there once its code is. */
export function MenuItem(props: Omit<ComponentProps<typeof BaseMenu.Item>, 'className'>) {
  const { Menu: Base } = useParts()!;
  return <Base.Item {...props} className={styles.item} />;
}

/** Between groups. */
export function MenuSeparator() {
  const { Menu: Base } = useParts()!;
  return <Base.Separator className={styles.separator} />;
}

/** A heading, and the items under it. */
export function MenuGroup({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const { Menu: Base } = useParts()!;
  return (
    <Base.Group>
      <Base.GroupLabel className={styles.label}>{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}
