import { duration } from '../../../format/duration.ts';
import { pathColour } from '../../../format/path-colour.ts';
import type { LatencyAxis, Presence } from './path-distribution.ts';
import styles from './paths.module.css';

/** Units of the pictures' width; they are stretched to the room there is. */
const WIDTH = 1_000;

/** The axis of latencies, over the strips that share it. */
export function LatencyScale({ axis }: { readonly axis: LatencyAxis }) {
  return (
    <span className={styles.scale}>
      {axis.ticks.map((ms) =>
        ms === axis.maxMs ? (
          <span key={ms} data-end>
            {duration(ms)}
          </span>
        ) : (
          <span key={ms} style={{ left: `${axis.place(ms) * 100}%` }}>
            {duration(ms)}
          </span>
        ),
      )}
    </span>
  );
}

interface LatencyStripProps {
  readonly path: string;
  readonly bins: readonly number[];
  /** Where p5, p25, the median, p75 and p95 lie, 0 to 1. */
  readonly marks: readonly number[];
  readonly label: string;
}

/** How often each latency occurs, and below it the box of the middle half with its whiskers. */
export function LatencyStrip({ path, bins, marks, label }: LatencyStripProps) {
  const colour = pathColour(path);
  const most = Math.max(...bins, 1);
  const width = WIDTH / bins.length;
  const [p5, p25, median, p75, p95] = marks.map((share) => share * WIDTH) as [number, number, number, number, number];
  return (
    <svg className={styles.strip} viewBox={`0 0 ${WIDTH} 40`} preserveAspectRatio="none" role="img" aria-label={label}>
      {bins.map((value, bin) => {
        const height = value === 0 ? 0 : Math.max(2, (value / most) * 24);
        // biome-ignore lint/suspicious/noArrayIndexKey: bins do not move
        return <rect key={bin} x={bin * width + 1} width={width - 2} y={26 - height} height={height} fill={colour} />;
      })}
      <line x1={p5} x2={p95} y1={33.5} y2={33.5} className={styles.whisker} />
      <rect x={p25} width={Math.max(3, p75 - p25)} y={30} height={7} fill={colour} />
      <rect x={median - 2} width={4} y={28} height={11} className={styles.median} />
    </svg>
  );
}

interface PresenceStripProps {
  readonly path: string;
  readonly presence: Presence;
  readonly label: string;
}

/** When it runs, over the length of the session. */
export function PresenceStrip({ path, presence, label }: PresenceStripProps) {
  const colour = pathColour(path);
  return (
    <svg className={styles.strip} viewBox={`0 0 ${WIDTH} 40`} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect x={0} width={WIDTH} y={19} height={1} className={styles.ground} />
      {presence.runs.map(([from, to]) => (
        <rect key={from} x={from * WIDTH} width={Math.max(2, (to - from) * WIDTH)} y={12} height={16} fill={colour} />
      ))}
      {presence.failures.map((at) => (
        <rect key={at} x={at * WIDTH} width={4} y={30} height={6} className={styles.failed} />
      ))}
    </svg>
  );
}

/** A share of the greatest, as a length. @param tone a colour of the theme. */
export function ShareBar({ share, tone }: { readonly share: number; readonly tone: '--accent' | '--bad' }) {
  return (
    <span className={styles.share}>
      <span style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%`, background: `var(${tone})` }} />
    </span>
  );
}
