import { Repeat2 } from 'lucide-react';
import { mayReplay, useUsedKey } from '../../../api/used-key.ts';
import { useShortcut } from '../../../shell/shortcuts.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import styles from './replay-button.module.css';

const WHY_NOT = 'It takes a key that may read and write (rw)';

/** Opens the dialog; says why where the key may not. */
export function ReplayButton({ isUnderWay, onOpen }: { readonly isUnderWay: boolean; readonly onOpen: () => void }) {
  const isAllowed = mayReplay(useUsedKey().data);
  useShortcut('replay', onOpen, isAllowed);
  return (
    <Button
      kind="quiet"
      disabled={!isAllowed}
      focusableWhenDisabled
      title={isAllowed ? undefined : WHY_NOT}
      aria-description={isAllowed ? undefined : WHY_NOT}
      onClick={onOpen}
    >
      <Repeat2 size={14} aria-hidden />
      <span className={styles.word}>{isUnderWay ? 'Replaying…' : 'Replay…'}</span>
    </Button>
  );
}

/** The same, from one step on. */
export function ReplayFromButton({ onOpen }: { readonly onOpen: () => void }) {
  const isAllowed = mayReplay(useUsedKey().data);
  return (
    <IconButton
      label={isAllowed ? 'Replay from here' : `Replay from here: ${WHY_NOT}`}
      icon={<Repeat2 size={14} aria-hidden />}
      disabled={!isAllowed}
      focusableWhenDisabled
      onClick={onOpen}
    />
  );
}
