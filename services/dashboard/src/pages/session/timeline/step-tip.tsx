import { duration } from '../../../format/duration.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import type { StepColumns } from '../steps/ask-steps.ts';
import { PathDot } from '../steps/path-dot.tsx';
import { plainPath } from '../steps/path-segments.ts';
import { StepStatus } from '../steps/step-status.tsx';
import styles from './timeline.module.css';

interface StepTipProps {
  readonly columns: StepColumns;
  readonly step: number;
  /** Where the pointer is, px. */
  readonly x: number;
  readonly y: number;
  /** Of what it lies in, px. */
  readonly width: number;
}

/** Beside the pointer, what is under it. */
export function StepTip({ columns, step, x, y, width }: StepTipProps) {
  const path = plainPath(columns.path[step]!);
  const isRight = x > width / 2;
  const first = columns.time_to_first_token_ms[step];
  return (
    <div
      className={styles.tip}
      style={{ top: y + 14, ...(isRight ? { right: width - x + 8 } : { left: x + 8 }) }}
      aria-hidden
    >
      <div className={styles.tipPath}>
        <PathDot path={path} /> <bdi>{visibleText(path)}</bdi>
      </div>
      <div className="quiet">
        {visibleText(columns.model[step] || columns.provider[step]!)} <StepStatus columns={columns} step={step} />
      </div>
      <div>
        {duration(columns.latency_ms[step])}
        {first !== null && first !== undefined && `, first token after ${duration(first)}`}, {money(columns.cost[step])}
      </div>
      <div className="faint">+{duration(columns.started_at[step]! - columns.started_at[0]!)}</div>
    </div>
  );
}
