import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { ApiFailure } from '../../../api/failure.ts';
import { count } from '../../../format/count.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { failureSentence } from '../../../ui/states.tsx';
import { MAY_NOT_READ_BODIES } from '../body/may-not-read-bodies.ts';
import styles from './found.module.css';
import { nextFound } from './found-steps.ts';
import type { Found } from './use-found.ts';

interface FoundBarProps {
  readonly found: Found;
  readonly selected: number;
  readonly onSelect: (step: number) => void;
  readonly onClear: () => void;
}

/** How many requests have what is looked for, and the way from one to the next. */
export function FoundBar({ found, selected, onSelect, onClear }: FoundBarProps) {
  const { steps, query } = found;
  const at = steps.indexOf(selected);
  const go = (by: 1 | -1) => {
    const step = nextFound(steps, selected, by);
    if (step !== undefined) onSelect(step);
  };
  return (
    <div className={styles.bar}>
      <span role="status" className={styles.words}>
        <Words found={found} />{' '}
        {at !== -1 && steps.length > 1 && <span className="quiet">(this is {count(at + 1)})</span>}
      </span>
      {query.error !== null && !isNotAllowed(query.error) && (
        <Button kind="quiet" onClick={() => void query.refetch()}>
          Retry
        </Button>
      )}
      {steps.length > 0 && (
        <>
          <IconButton
            label="Request before it that contains it"
            icon={<ChevronUp size={14} aria-hidden />}
            onClick={() => go(-1)}
          />
          <IconButton
            label="Request after it that contains it"
            icon={<ChevronDown size={14} aria-hidden />}
            onClick={() => go(1)}
          />
        </>
      )}
      <IconButton label="Look for nothing" icon={<X size={14} aria-hidden />} onClick={onClear} />
    </div>
  );
}

function Words({ found: { sought, steps, isMore, query } }: Pick<FoundBarProps, 'found'>) {
  const text = (
    <>
      “<bdi className={styles.sought}>{visibleText(sought.slice(0, 200))}</bdi>”
    </>
  );
  if (query.error !== null) {
    if (isNotAllowed(query.error)) return <span className="warn">{MAY_NOT_READ_BODIES}</span>;
    return (
      <span className="bad">
        {text} could not be looked for: {failureSentence(query.error)}
      </span>
    );
  }
  if (!query.isSuccess) return <span className="quiet">Looking for {text} in bodies…</span>;
  if (steps.length === 0) return <span className="warn">No request contains {text}</span>;
  if (isMore) {
    return (
      <>
        {count(steps.length)} or more requests contain {text}: the latest are marked
      </>
    );
  }
  return (
    <>
      {count(steps.length)} {steps.length === 1 ? 'request contains' : 'requests contain'} {text}
    </>
  );
}

function isNotAllowed(error: unknown): boolean {
  return error instanceof ApiFailure && error.isNotAllowed;
}
