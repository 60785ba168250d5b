import { percent } from '../format/count.ts';
import styles from './share-bar.module.css';

interface ShareBarProps {
  /** 0 to 1. */
  readonly share: number;
  /** Of the bar at its longest, px. */
  readonly width?: number;
}

/** A share as a bar from the left, and in figures beside it. */
export function ShareBar({ share, width = 72 }: ShareBarProps) {
  return (
    <span className={styles.share}>
      <span className={styles.track} style={{ width }} aria-hidden>
        <span className={styles.bar} style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
      </span>
      <span className={styles.text}>{percent(share)}</span>
    </span>
  );
}
