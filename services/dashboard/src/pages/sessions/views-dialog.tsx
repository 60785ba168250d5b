import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { answerOf, api, dataOf, type Schemas } from '../../api/client.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { failureSentence } from '../../ui/states.tsx';
import styles from './views-dialog.module.css';
import { useViews } from './views-menu.tsx';

type View = Schemas['View'];

interface ViewsDialogProps {
  /** Path and query of what is shown. */
  readonly here: string;
  readonly onClose: () => void;
}

/** Save what is shown under a name; rename views, set them to what is shown, delete them. */
export function ViewsDialog({ here, onClose }: ViewsDialogProps) {
  const views = useViews();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const change = useMutation({
    mutationFn: (calling: () => Promise<unknown>) => calling(),
    onSettled: () => client.invalidateQueries({ queryKey: ['views'] }),
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const body = { name: name.trim(), url: here };
    change.mutate(() => dataOf(api().POST('/v1/views', { body })), { onSuccess: () => setName('') });
  };
  const put = ({ id }: View, body: { name: string; url: string }) =>
    change.mutate(() => dataOf(api().PUT('/v1/views/{viewId}', { params: { path: { viewId: id } }, body })));
  const remove = ({ id }: View) =>
    change.mutate(() => answerOf(api().DELETE('/v1/views/{viewId}', { params: { path: { viewId: id } } })));
  return (
    <Dialog title="Saved views" isOpen onClose={onClose} actions={<Button onClick={onClose}>Done</Button>}>
      <form className={styles.save} onSubmit={save}>
        <TextField
          label="Name of the view"
          placeholder="Name for what is shown now"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" kind="primary" disabled={name.trim() === '' || change.isPending}>
          Save view
        </Button>
      </form>
      {change.error && (
        <p role="alert" className="bad">
          {failureSentence(change.error)}
        </p>
      )}
      <QueryView query={views} failure="The views could not be read" lines={3}>
        {(saved) => (
          <ul className={styles.views} aria-label="Saved views">
            {saved.map((view) => (
              <li key={view.id} className={styles.view}>
                <Name view={view} onRename={(to) => put(view, { name: to, url: view.url })} />
                <Button
                  kind="quiet"
                  disabled={view.url === here}
                  aria-label={`Set ${view.name} to what is shown`}
                  onClick={() => put(view, { name: view.name, url: here })}
                >
                  {view.url === here ? 'Shown' : 'Set to this'}
                </Button>
                <IconButton
                  label={`Delete ${view.name}`}
                  icon={<Trash2 size={14} aria-hidden />}
                  onClick={() => remove(view)}
                />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Dialog>
  );
}

/** Renamed when one leaves it or presses Enter. */
function Name({ view: { name }, onRename }: { readonly view: View; readonly onRename: (name: string) => void }) {
  const [typed, setTyped] = useState<string | undefined>();
  const done = () => {
    const next = typed?.trim();
    setTyped(undefined);
    if (next && next !== name) onRename(next);
  };
  return (
    <TextField
      label={`Name of ${name}`}
      value={typed ?? name}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => event.key === 'Enter' && done()}
    />
  );
}
