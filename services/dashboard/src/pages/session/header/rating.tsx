import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { answerOf, api } from '../../../api/client.ts';
import { IconButton } from '../../../ui/button.tsx';
import { failureSentence } from '../../../ui/states.tsx';
import styles from './header.module.css';

/** Thumbs: what a person thinks of the session. */
export function Rating({ sessionId, rating }: { readonly sessionId: string; readonly rating: boolean | null }) {
  const queryClient = useQueryClient();
  const rate = useMutation({
    mutationFn: (good: boolean) =>
      answerOf(
        api().POST('/v1/session/{sessionId}/feedback', { params: { path: { sessionId } }, body: { rating: good } }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['session', sessionId] }),
  });
  const shown = rate.isPending ? rate.variables : rating;
  return (
    <span className={styles.group}>
      <IconButton
        label="Good session"
        aria-pressed={shown === true}
        icon={<ThumbsUp size={16} aria-hidden />}
        onClick={() => rate.mutate(true)}
      />
      <IconButton
        label="Bad session"
        aria-pressed={shown === false}
        icon={<ThumbsDown size={16} aria-hidden />}
        onClick={() => rate.mutate(false)}
      />
      {rate.error && (
        <span role="alert" className="bad">
          {failureSentence(rate.error)}
        </span>
      )}
    </span>
  );
}
