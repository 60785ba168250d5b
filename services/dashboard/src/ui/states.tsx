import { CircleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiFailure } from '../api/failure.ts';
import { Button } from './button.tsx';
import { Sentence } from './sentence.tsx';
import styles from './states.module.css';
import { When } from './when.tsx';

/** In place of what comes, of its size. Shown from 150 ms on. */
export function Skeleton({ lines = 6 }: { readonly lines?: number }) {
  const widths = ['92%', '78%', '85%', '64%', '90%', '72%'];
  return (
    <div className={styles.skeletons} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={line} className={styles.skeleton} style={{ width: widths[line % widths.length] }} />
      ))}
    </div>
  );
}

/** From a second on: how long a query has been running, and a way to stop it. */
export function Running({ isRunning, onCancel }: { readonly isRunning: boolean; readonly onCancel: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds(0);
    if (!isRunning) return;
    const timer = setInterval(() => setSeconds((passed) => passed + 1), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  if (!isRunning || seconds === 0) return null;
  return (
    <span className={styles.running} role="status">
      Running query, {seconds} s
      <Button kind="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </span>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** What would be here, and the one action that changes it. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className={styles.message}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

interface FailureProps {
  /** What could not be done: "The sessions could not be read". */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What failed, in the words of the API, and another try. */
export function Failure({ what, error, onRetry }: FailureProps) {
  return (
    <div className={styles.message} role="alert">
      <h2>
        <CircleAlert size={15} className="bad" aria-hidden /> {what}
      </h2>
      <p>
        <Sentence text={failureSentence(error)} />
      </p>
      {onRetry && <Button onClick={onRetry}>Retry</Button>}
    </div>
  );
}

export function failureSentence(error: unknown): string {
  if (error instanceof ApiFailure) return error.message;
  return error instanceof Error ? error.message : String(error);
}

interface StaleProps {
  /** Epoch ms: when what is shown was so. */
  readonly asOf: number;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** What is shown is of before: the newer could not be had. */
export function Stale({ asOf, error, onRetry }: StaleProps) {
  return (
    <div className={styles.stale} role="alert">
      <span>
        Shown as of <When at={asOf} />: {failureSentence(error)}
      </span>
      <Button kind="quiet" onClick={onRetry}>
        Retry
      </Button>
    </div>
  );
}
