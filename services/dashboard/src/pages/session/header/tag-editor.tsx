import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Tag } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../../../api/client.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { failureSentence } from '../../../ui/states.tsx';
import styles from './header.module.css';

/** Shows the tag, and changes it. */
export function TagEditor({ sessionId, tag }: { readonly sessionId: string; readonly tag: string | null }) {
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const set = useMutation({
    mutationFn: (next: string) =>
      answerOf(api().POST('/v1/session/{sessionId}/tag', { params: { path: { sessionId } }, body: { tag: next } })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['session', sessionId] });
      setOpen(false);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(text.trim());
  };
  const open = (next: boolean) => {
    setText(tag ?? '');
    set.reset();
    setOpen(next);
  };
  return (
    <Popover
      label="Tag of this session"
      align="end"
      isOpen={isOpen}
      onOpenChange={open}
      trigger={
        <Button kind="quiet" aria-label={tag === null ? 'Add a tag' : `Tag: ${visibleText(tag)}. Change it`}>
          <Tag size={14} aria-hidden />
          {tag === null ? 'Tag' : visibleText(tag.length > 24 ? `${tag.slice(0, 24)}…` : tag)}
        </Button>
      }
    >
      <form onSubmit={submit} className={styles.form}>
        <TextField label="Tag" value={text} maxLength={1_024} onChange={(event) => setText(event.target.value)} />
        <Button type="submit" kind="primary" disabled={set.isPending || text.trim() === (tag ?? '')}>
          Save
        </Button>
        {tag !== null && (
          <Button disabled={set.isPending} onClick={() => set.mutate('')}>
            Remove
          </Button>
        )}
      </form>
      {set.error && (
        <p role="alert" className={`bad ${styles.problem}`}>
          {failureSentence(set.error)}
        </p>
      )}
    </Popover>
  );
}
