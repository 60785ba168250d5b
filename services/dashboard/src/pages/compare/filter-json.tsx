import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Filter } from '../../search/filter-param.ts';
import { Button } from '../../ui/button.tsx';
import controls from '../../ui/controls.module.css';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './compare.module.css';

interface FilterJsonProps {
  /** `A` or `B`. */
  readonly group: string;
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

/** Any filter tree that the API takes, as the session list copies it. */
export function FilterJson({ group, filter, onChange }: FilterJsonProps) {
  const [text, setText] = useState<string>();
  const isSet = filter !== 'all';
  const read = text === undefined ? undefined : filterOf(text);
  const close = () => setText(undefined);
  const set = (next: Filter) => {
    close();
    onChange(next);
  };
  return (
    <>
      <Button
        kind="quiet"
        aria-label={`${isSet ? 'Change' : 'Add'} the filter of ${group}`}
        onClick={() => setText(isSet ? JSON.stringify(filter, null, 2) : '')}
      >
        {!isSet && <Plus size={14} aria-hidden />}
        {isSet ? 'Change the filter' : 'Filter'}
      </Button>
      <Dialog
        title={`Filter of ${group}`}
        isOpen={text !== undefined}
        onClose={close}
        actions={
          <>
            {isSet && <Button onClick={() => set('all')}>No filter</Button>}
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" disabled={read === undefined} onClick={() => read && set(read)}>
              Set the filter
            </Button>
          </>
        }
      >
        <p className="quiet">The tree that the API takes, as JSON. The filter of the session list copies it.</p>
        <textarea
          className={`${controls.field} ${styles.json} mono`}
          aria-label="Filter as JSON"
          rows={10}
          spellCheck={false}
          value={text ?? ''}
          placeholder='{"request_response_rmt":{"status":{"equals":429}}}'
          onChange={(event) => setText(event.target.value)}
        />
        <p role="status" className="quiet">
          {text !== undefined && text.trim() !== '' && read === undefined ? 'This is no JSON of a filter yet.' : ''}
        </p>
      </Dialog>
    </>
  );
}

function filterOf(text: string): Filter | undefined {
  try {
    const tree: unknown = JSON.parse(text);
    if (tree === 'all') return 'all';
    return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? (tree as Filter) : undefined;
  } catch {
    return undefined;
  }
}
