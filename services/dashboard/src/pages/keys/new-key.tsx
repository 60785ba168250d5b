import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './keys.module.css';

interface NewKeyProps {
  readonly apiKey: string;
  /** Signs this tab in with it. Left out: it is of no use here. */
  readonly onUse?: () => void;
  readonly onClose: () => void;
}

/** A key that was just made, which nobody is shown again. */
export function NewKey({ apiKey, onUse, onClose }: NewKeyProps) {
  return (
    <Dialog
      title="The key, shown this once"
      isOpen
      onClose={onClose}
      actions={
        <>
          {onUse && <Button onClick={onUse}>Use it in this tab</Button>}
          <Button kind="primary" onClick={onClose}>
            I have kept it
          </Button>
        </>
      }
    >
      <p>Only its hash is stored: keep it where your application reads it from. A lost key is replaced, not found.</p>
      <div className={styles.made}>
        <output aria-label="The new key" className="mono">
          {apiKey}
        </output>
        <CopyButton text={apiKey} label="Copy the key" word="Copy" />
      </div>
    </Dialog>
  );
}
