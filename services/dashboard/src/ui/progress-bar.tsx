import { Progress } from '@base-ui/react/progress';
import styles from './progress-bar.module.css';

interface ProgressBarProps {
  /** What goes on. */
  readonly label: string;
  /** How far, 0 to 1; null: that is not known. */
  readonly share: number | null;
  /** The same in figures. */
  readonly note: string;
}

/** How far something is that takes its time. */
export function ProgressBar({ label, share, note }: ProgressBarProps) {
  return (
    <Progress.Root value={share === null ? null : share * 100} className={styles.progress}>
      <Progress.Label>{label}</Progress.Label>
      <span className="quiet">{note}</span>
      <Progress.Track className={styles.track}>
        <Progress.Indicator className={styles.indicator} />
      </Progress.Track>
    </Progress.Root>
  );
}
