import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type ReactNode, useRef } from 'react';
import styles from './floating/floating.module.css';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly size?: 'normal' | 'wide';
  readonly children: ReactNode;
  /** Buttons, the primary one last. */
  readonly actions?: ReactNode;
  /** Nothing is asked for in it: it is the first that has the focus, rather than a control in it. */
  readonly isRead?: boolean;
}

/** Keeps the focus while it is open and gives it back; `Escape` closes it. */
export function Dialog({ title, isOpen, onClose, size = 'normal', children, actions, isRead }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.backdrop} />
        <BaseDialog.Popup
          ref={popup}
          className={styles.dialog}
          data-size={size}
          initialFocus={isRead ? popup : undefined}
        >
          <BaseDialog.Title className={styles.title}>{title}</BaseDialog.Title>
          {children}
          {actions && <DialogActions>{actions}</DialogActions>}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** The same buttons, where what is in a dialog changes with them. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
