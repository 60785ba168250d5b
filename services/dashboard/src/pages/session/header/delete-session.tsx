import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, dataOf } from '../../../api/client.ts';
import { count } from '../../../format/count.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { lastList } from '../../../search/last-list.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { failureSentence } from '../../../ui/states.tsx';
import type { SessionTotals } from '../use-session.ts';

interface DeleteSessionProps {
  readonly session: SessionTotals;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Says what goes, and deletes it. */
export function DeleteSession({ session, isOpen, onClose }: DeleteSessionProps) {
  const { session_id: sessionId } = session;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => dataOf(api().DELETE('/v1/session/{sessionId}', { params: { path: { sessionId } } })),
    onSuccess: async () => {
      await navigate({ to: '/sessions', search: lastList() });
      for (const key of ['session', 'session-steps']) queryClient.removeQueries({ queryKey: [key, sessionId] });
    },
  });
  return (
    <Dialog
      title="Delete this session?"
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
            Delete {count(session.total_requests)} {session.total_requests === 1 ? 'request' : 'requests'}
          </Button>
        </>
      }
    >
      <p>
        <b>{visibleText(session.session_name) || 'Without a name'}</b> <code>{visibleText(sessionId)}</code>
      </p>
      <p>
        Its {count(session.total_requests)} requests go with their bodies, and {money(session.total_cost)} and{' '}
        {count(session.total_tokens)} tokens from every total. Nothing brings them back. Calls that are made in it later
        begin it anew.
      </p>
      {remove.error && (
        <p role="alert" className="bad">
          {failureSentence(remove.error)}
        </p>
      )}
    </Dialog>
  );
}
