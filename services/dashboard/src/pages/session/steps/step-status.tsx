import { visibleText } from '../../../format/visible-text.ts';
import type { StepColumns } from './ask-steps.ts';
import styles from './steps.module.css';

/** A status as people say it: HTTP's number, or what the negative ones mean. */
export function statusWord(status: number): string {
  return WORDS.get(status) ?? String(status);
}

const WORDS: ReadonlyMap<number, string> = new Map([
  [-2, 'stream timed out'],
  [-3, 'cancelled'],
  [-4, 'blocked'],
  [-100, 'stream ended'],
]);

/** How a step ended; an error with its type. */
export function StepStatus({ columns, step }: { readonly columns: StepColumns; readonly step: number }) {
  const word = statusWord(columns.status[step]!);
  if (!columns.is_error[step]) return <span className={`faint ${styles.status}`}>{word}</span>;
  const type = columns.error_type[step]!;
  return (
    <span className={`bad ${styles.status}`} title={visibleText(columns.error_message[step]!)}>
      ✕ {word}
      {type !== '' && type !== word && <span className="spoken"> {visibleText(type)}</span>}
    </span>
  );
}
