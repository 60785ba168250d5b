import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { failureSentence } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { type ApiKey, useRevokeKey } from './key-queries.ts';
import styles from './keys.module.css';

interface RevokeKeyProps {
  readonly apiKey: ApiKey;
  /** It is the one that this tab is signed in with. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

export function RevokeKey({ apiKey, isOwn, onClose }: RevokeKeyProps) {
  const revoking = useRevokeKey(onClose);
  const { api_key_name: name, hint, last_used_at: usedAt } = apiKey;
  return (
    <Dialog
      title="Revoke the key"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" disabled={revoking.isPending} onClick={() => revoking.mutate(apiKey.id)}>
            Revoke it for good
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p>
          <bdi>{visibleText(name)}</bdi> <code>…{hint}</code> is refused from now on, everywhere within seconds. What
          was recorded with it stays.
        </p>
        <p>
          {usedAt === null ? (
            'It was never used.'
          ) : (
            <>
              It was last used <When at={usedAt} />: whatever still uses it stops working, and calls through the gateway
              go unrecorded.
            </>
          )}
        </p>
        {isOwn && <p className="warn">You are signed in with this key, and will be signed out.</p>}
        {revoking.error && (
          <p role="alert" className="bad">
            {failureSentence(revoking.error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
