import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { signIn } from '../../api/key-store.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/select.tsx';
import { failureSentence } from '../../ui/states.tsx';
import { expiryOf, OVERLAPS, type Overlap, VALIDITIES, type Validity } from './expiry.ts';
import { type ApiKey, useMakeKey } from './key-queries.ts';
import styles from './keys.module.css';
import { NewKey } from './new-key.tsx';

interface RotateKeyProps {
  readonly apiKey: ApiKey;
  /** It is the one that this tab is signed in with. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

/** A new key in place of an old one, which stays valid for a while so that nobody is locked out. */
export function RotateKey({ apiKey, isOwn, onClose }: RotateKeyProps) {
  const [overlap, setOverlap] = useState<Overlap>('86400');
  const [validity, setValidity] = useState<Validity>('never');
  const [made, setMade] = useState<string | undefined>();
  const client = useQueryClient();
  const making = useMakeKey(({ key }) => setMade(key));
  if (made !== undefined) {
    const use = () => {
      signIn(made);
      void client.invalidateQueries();
      onClose();
    };
    return <NewKey apiKey={made} onClose={onClose} {...(isOwn && { onUse: use })} />;
  }
  return (
    <Dialog
      title="Rotate the key"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={making.isPending}
            onClick={() =>
              making.mutate({
                rotates: apiKey.id,
                overlap_seconds: Number(overlap),
                expires_at: expiryOf(validity, Date.now()),
              })
            }
          >
            Make the new key
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p>
          A new key takes the place of <bdi>{visibleText(apiKey.api_key_name)}</bdi> <code>…{apiKey.hint}</code>, with
          its name and permissions. Put it where the old one is read from while both are valid.
        </p>
        <div className={styles.labelled}>
          <span aria-hidden>The old key stays valid</span>
          <Select label="The old key stays valid" value={overlap} options={OVERLAPS} onChange={setOverlap} />
        </div>
        <div className={styles.labelled}>
          <span aria-hidden>The new key is valid</span>
          <Select label="The new key is valid" value={validity} options={VALIDITIES} onChange={setValidity} />
        </div>
        {isOwn && (
          <p className="warn">You are signed in with this key: take the new one into this tab when it is shown.</p>
        )}
        {making.error && (
          <p role="alert" className="bad">
            {failureSentence(making.error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
