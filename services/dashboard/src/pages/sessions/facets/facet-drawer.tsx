import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import floating from '../../../ui/floating/floating.module.css';
import styles from './facet-drawer.module.css';

interface FacetDrawerProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What has the focus when it opens. */
  readonly first: RefObject<HTMLButtonElement | null>;
  readonly children: ReactNode;
}

/** The facets where there is no room beside the list. */
export function FacetDrawer({ isOpen, onClose, first, children }: FacetDrawerProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={floating.backdrop} />
        <Dialog.Popup className={styles.drawer} initialFocus={first}>
          <header className={styles.head}>
            <Dialog.Title className={styles.title}>Facets</Dialog.Title>
            <Dialog.Close className={styles.close}>Done</Dialog.Close>
          </header>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
