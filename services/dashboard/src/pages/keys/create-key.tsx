import { type FormEvent, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { failureSentence } from '../../ui/states.tsx';
import { expiryOf, VALIDITIES, type Validity } from './expiry.ts';
import { useMakeKey } from './key-queries.ts';
import styles from './keys.module.css';
import { NewKey } from './new-key.tsx';
import { KEY_KINDS, type KeyKind, permissionText } from './permissions.ts';

interface CreateKeyProps {
  /** No key gives more than it holds. */
  readonly mayOperate: boolean;
  readonly onClose: () => void;
}

/** Name, permission and expiry of a new key; then the key itself. */
export function CreateKey({ mayOperate, onClose }: CreateKeyProps) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<KeyKind>('w');
  const [isOperator, setOperator] = useState(false);
  const [validity, setValidity] = useState<Validity>('never');
  const [made, setMade] = useState<string | undefined>();
  const formId = useId();
  const making = useMakeKey(({ key }) => setMade(key));
  if (made !== undefined) return <NewKey apiKey={made} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.mutate({
      api_key_name: name.trim(),
      key_permissions: permissionText(kind, isOperator),
      expires_at: expiryOf(validity, Date.now()),
    });
  };
  return (
    <Dialog
      title="New key"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId} disabled={name.trim() === '' || making.isPending}>
            Make the key
          </Button>
        </>
      }
    >
      <form id={formId} className={styles.form} onSubmit={submit}>
        <div className={styles.labelled}>
          <span aria-hidden>Name, by which you know it again</span>
          <TextField
            label="Name"
            value={name}
            maxLength={256}
            placeholder="checkout service"
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <fieldset className={styles.kinds}>
          <legend>What it may do</legend>
          {KEY_KINDS.filter(([one]) => mayOperate || one !== 'operator').map(([one, title, words]) => (
            <label key={one} className={styles.kind}>
              <input type="radio" name="kind" value={one} checked={kind === one} onChange={() => setKind(one)} />
              <span>
                <b>{title}</b> <code>{one}</code>
                <span className="quiet">{words}</span>
              </span>
            </label>
          ))}
          {mayOperate && kind !== 'operator' && (
            <label className={styles.kind}>
              <input type="checkbox" checked={isOperator} onChange={(event) => setOperator(event.target.checked)} />
              <span>
                <b>And operate</b>
                <span className="quiet">Sees the system and the audit log as well.</span>
              </span>
            </label>
          )}
        </fieldset>
        <div className={styles.labelled}>
          <span aria-hidden>Valid</span>
          <Select label="Valid" value={validity} options={VALIDITIES} onChange={setValidity} />
        </div>
        {making.error && (
          <p role="alert" className="bad">
            {failureSentence(making.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
