import { type ReactNode, useId } from 'react';
import { visibleText } from '../../../format/visible-text.ts';
import styles from './replay-dialog.module.css';

/** What a control is given, so that it is read out with what is said of it. */
interface Described {
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

interface FormFieldProps {
  readonly label: string;
  /** What is wrong with what was typed; undefined: nothing. */
  readonly problem: string | undefined;
  readonly note?: ReactNode;
  /** As wide as the form. */
  readonly isWide?: boolean;
  readonly children: (described: Described) => ReactNode;
}

/** A control with its name above it, and below it what it is for or what is wrong. */
export function FormField({ label, problem, note, isWide = false, children }: FormFieldProps) {
  const id = useId();
  const isSaid = problem !== undefined || note !== undefined;
  return (
    <div className={styles.field} data-wide={isWide}>
      <span className={styles.label} aria-hidden>
        {label}
      </span>
      {children({ 'aria-describedby': isSaid ? id : undefined, 'aria-invalid': problem !== undefined })}
      {isSaid && (
        <span id={id} className={problem === undefined ? styles.note : `bad ${styles.note}`}>
          {problem === undefined ? note : visibleText(problem)}
        </span>
      )}
    </div>
  );
}
