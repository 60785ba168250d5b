import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, dataOf, type Schemas } from '../../../api/client.ts';
import { ApiFailure } from '../../../api/failure.ts';
import { type Filter, filterTree, NO_FILTER, readFilterText } from '../../../search/filter/filter-node.ts';
import { Button } from '../../../ui/button.tsx';
import controls from '../../../ui/controls.module.css';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { Sentence } from '../../../ui/sentence.tsx';
import { missingIn } from './edit-filter.ts';
import styles from './filter-dialog.module.css';
import { GroupEditor } from './group-editor.tsx';

interface FilterDialogProps {
  readonly filter: Filter;
  readonly onApply: (filter: Filter) => void;
  readonly onClose: () => void;
}

/** Any filter that the API takes: as nested conditions, and as the JSON that the API is sent. */
export function FilterDialog({ filter, onApply, onClose }: FilterDialogProps) {
  const [draft, setDraft] = useState<Filter>(filter);
  const [as, setAs] = useState<'conditions' | 'json'>('conditions');
  /** What was typed as JSON and cannot be read yet. */
  const [typed, setTyped] = useState<string | undefined>();
  const json = typed ?? JSON.stringify(filterTree(draft), null, 2);
  const read = readFilterText(json);
  const problem = read.ok ? missingIn(draft) : read.problem;
  const type = (text: string) => {
    setTyped(text);
    const next = readFilterText(text);
    if (next.ok) setDraft(next.filter);
  };
  const turn = (to: 'conditions' | 'json') => {
    setAs(to);
    if (read.ok) setTyped(undefined);
  };
  const clear = () => {
    setDraft(NO_FILTER);
    setTyped(undefined);
  };
  const asking = useMutation({
    mutationFn: refusalOf,
    onSuccess: (refused, asked) => {
      if (refused !== undefined) return;
      onApply(asked);
      onClose();
    },
  });
  // Of another filter than the one that was asked nothing is known.
  const refusal = asking.variables === draft ? asking.data : undefined;
  return (
    <Dialog
      title="Filter"
      size="wide"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" onClick={clear}>
            Clear
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={problem !== undefined || asking.isPending}
            onClick={() => asking.mutate(draft)}
          >
            Apply
          </Button>
        </>
      }
    >
      <div className={styles.head}>
        <Segments
          label="Filter as"
          value={as}
          options={[
            ['conditions', 'Conditions'],
            ['json', 'JSON'],
          ]}
          onChange={turn}
        />
        <CopyButton text={json} label="Copy JSON of the filter" word="Copy JSON" />
      </div>
      {as === 'conditions' ? (
        <>
          <p className="quiet">A session is shown when some request of it in the range makes all of this true.</p>
          <GroupEditor group={draft} onChange={(group) => setDraft({ ...group, operator: 'and' })} isRoot />
        </>
      ) : (
        <textarea
          className={`${controls.field} ${styles.json} mono`}
          aria-label="Filter as JSON"
          aria-invalid={!read.ok}
          spellCheck={false}
          value={json}
          onChange={(event) => type(event.target.value)}
        />
      )}
      <p role="status" className={read.ok ? 'quiet' : 'bad'}>
        {problem}
      </p>
      {refusal !== undefined && (
        <p role="alert" className="bad">
          <Sentence text={refusal} />
        </p>
      )}
    </Dialog>
  );
}

/**
 * What the API has against a filter, in its words; undefined: nothing, or it does not say. No session is looked at: the window
 * has none.
 */
async function refusalOf(filter: Filter): Promise<string | undefined> {
  const body = {
    search: '',
    timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: 1 },
    timezoneDifference: 0,
    filter: filterTree(filter) as Schemas['Filter'],
  };
  try {
    await dataOf(api().POST('/v1/session/count', { body }));
    return undefined;
  } catch (error) {
    return error instanceof ApiFailure && (error.status === 400 || error.status === 422) ? error.message : undefined;
  }
}
