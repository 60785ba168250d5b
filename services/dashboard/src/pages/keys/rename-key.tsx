import { type FormEvent, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { failureSentence } from '../../ui/states.tsx';
import { type ApiKey, useChangeKey } from './key-queries.ts';
import styles from './keys.module.css';

export function RenameKey({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const [name, setName] = useState(apiKey.api_key_name);
  const formId = useId();
  const changing = useChangeKey(onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    changing.mutate({ id: apiKey.id, api_key_name: name.trim() });
  };
  return (
    <Dialog
      title="Rename the key"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId} disabled={name.trim() === '' || changing.isPending}>
            Rename
          </Button>
        </>
      }
    >
      <form id={formId} className={styles.form} onSubmit={submit}>
        <TextField
          label="Name"
          value={name}
          maxLength={256}
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
        {changing.error && (
          <p role="alert" className="bad">
            {failureSentence(changing.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
