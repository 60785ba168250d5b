import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, dataOf } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import { mayWrite, useUsedKey } from '../../api/used-key.ts';
import { wholeCount } from '../../format/count.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { failureSentence } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { readUser } from './user-queries.ts';
import styles from './users.module.css';

interface DeleteUserProps {
  readonly userId: string;
  /** @param said what became of it. */
  readonly onDeleted: (said: string) => void;
}

/** Deletes what was recorded of a user, after saying what that is and having its id typed. */
export function DeleteUser({ userId, onDeleted }: DeleteUserProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        Delete their data…
      </Button>
      {isOpen && <Confirmation userId={userId} onDeleted={onDeleted} onClose={() => setOpen(false)} />}
    </>
  );
}

function Confirmation({ userId, onDeleted, onClose }: DeleteUserProps & { readonly onClose: () => void }) {
  const client = useQueryClient();
  const usedKey = useUsedKey();
  const [typed, setTyped] = useState('');
  const fieldId = useId();
  const all = useQuery({
    queryKey: ['user', userId, 'all'],
    queryFn: ({ signal }) => readUser(userId, undefined, signal),
    staleTime: 0,
  });
  const deletion = useMutation({
    mutationFn: () => dataOf(api().DELETE('/v1/user/{userId}/data', { params: { path: { userId } } })),
    onSuccess: ({ requests }) => {
      onDeleted(deletedWords(requests));
      onClose();
    },
    onError: (error) => {
      if (!(error instanceof ApiFailure && error.isOnItsWay)) return;
      onDeleted(error.message);
      onClose();
    },
    // Also where only some of it is gone.
    onSettled: () => client.invalidateQueries(),
  });
  const isAllowed = mayWrite(usedKey.data);
  const shownId = visibleText(userId);
  const isTyped = typed === userId || typed === shownId;
  return (
    <Dialog
      title="Delete all data of a user"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            disabled={!isTyped || !isAllowed || !all.data || deletion.isPending}
            onClick={() => deletion.mutate()}
          >
            {deletion.isPending ? 'Deleting' : 'Delete for good'}
          </Button>
        </>
      }
    >
      <QueryView query={all} failure="What there is of the user could not be read" lines={5}>
        {(user) =>
          user === null ? (
            <p>Nothing is recorded of this user.</p>
          ) : (
            <div className={styles.words}>
              <p>This goes, whatever the range above says, and cannot be brought back:</p>
              <ul className={styles.goes}>
                <li>
                  <b>{requestsWord(user.total_requests)}</b> of <bdi className="mono">{shownId}</bdi>, from{' '}
                  <When at={user.first_active} /> to <When at={user.last_active} />, with their bodies, scores and
                  feedback
                </li>
                <li>
                  their part of <b>{sessionsWord(user.total_sessions)}</b>: one that holds requests of others stays and
                  is what those come to, one that does not is gone
                </li>
              </ul>
              <p className="quiet">
                The ledger keeps a line for each deleted request, which holds nothing of it. The id may also stand in
                bodies, paths and properties of other calls, which stay.
              </p>
              <div className={styles.confirm}>
                <label htmlFor={fieldId}>
                  To confirm, type the id of the user: <bdi className="mono">{shownId}</bdi>
                </label>
                <TextField
                  id={fieldId}
                  label={`Id of the user, ${shownId}`}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                />
              </div>
            </div>
          )
        }
      </QueryView>
      {!isAllowed && (
        <p role="alert">
          This key may not delete: it takes one with the permission <code>w</code> or <code>rw</code>.
        </p>
      )}
      {deletion.error && (
        <p role="alert" className="bad">
          {failureSentence(deletion.error)}
        </p>
      )}
    </Dialog>
  );
}

function deletedWords(requests: number): string {
  const what = requests === 1 ? 'the one request' : `all ${wholeCount(requests)} requests`;
  return `Deleted: ${what} of this user, with their bodies and what was said of them. What they send from now on is recorded anew.`;
}

function requestsWord(requests: number): string {
  return requests === 1 ? '1 request' : `${wholeCount(requests)} requests`;
}

function sessionsWord(sessions: number): string {
  return sessions === 1 ? '1 session' : `${wholeCount(sessions)} sessions`;
}
