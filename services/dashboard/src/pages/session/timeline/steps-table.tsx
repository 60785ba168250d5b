import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { count } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import virtualRows from '../../../ui/virtual-rows.module.css';
import { FoundMark } from '../found/found-mark.tsx';
import type { StepColumns } from '../steps/ask-steps.ts';
import { PathDot } from '../steps/path-dot.tsx';
import { plainPath } from '../steps/path-segments.ts';
import { StepIcon } from '../steps/step-icon.tsx';
import { StepStatus } from '../steps/step-status.tsx';
import styles from './timeline.module.css';

const ROW_PX = 28;
const FIGURES = ['Status', 'Latency', 'First token', 'Tokens in, out', 'Cost'];

interface StepsTableProps {
  readonly columns: StepColumns;
  readonly count: number;
  readonly selected: number;
  readonly found: ReadonlySet<number>;
  readonly onSelect: (step: number) => void;
}

/** The same requests, in order of time, to be read. */
export function StepsTable({ columns, count: rows, selected, found, onSelect }: StepsTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    paddingStart: ROW_PX,
    scrollPaddingStart: ROW_PX,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the selection changes
  useEffect(() => {
    if (selected !== -1) virtual.scrollToIndex(selected);
  }, [selected]);
  return (
    <div ref={scroller} className={virtualRows.scroll}>
      <table
        className={styles.table}
        style={{ height: virtual.getTotalSize() }}
        aria-label="Requests"
        aria-rowcount={rows + 1}
      >
        <thead className={virtualRows.head}>
          <tr className={styles.row} aria-rowindex={1}>
            <th scope="col" className="number">
              No.
            </th>
            <th scope="col" className="number">
              At
            </th>
            <th scope="col">Path</th>
            <th scope="col">Model</th>
            {FIGURES.map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <tr
              key={index}
              className={styles.row}
              style={{ transform: `translateY(${start}px)` }}
              aria-rowindex={index + 2}
              aria-selected={index === selected}
              onClick={() => onSelect(index)}
            >
              <StepCells columns={columns} step={index} isFound={found.has(index)} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const StepCells = memo(function StepCells({
  columns,
  step,
  isFound,
}: {
  readonly columns: StepColumns;
  readonly step: number;
  readonly isFound: boolean;
}) {
  const path = plainPath(columns.path[step]!);
  const [sent, got] = [columns.prompt_tokens[step], columns.completion_tokens[step]];
  const first = columns.time_to_first_token_ms[step];
  return (
    <>
      <td className="number faint">{step + 1}</td>
      <td className="number quiet">+{duration(columns.started_at[step]! - columns.started_at[0]!)}</td>
      <td className={styles.path}>
        <StepIcon kind={columns.step_kind[step]!} />
        {isFound && <FoundMark />}
        <PathDot path={path} />
        <button type="button" title={visibleText(path)}>
          <bdi>{visibleText(path)}</bdi>
        </button>
      </td>
      <td className="truncate">{visibleText(columns.model[step]!)}</td>
      <td className="number">
        <StepStatus columns={columns} step={step} />
      </td>
      <td className="number">{duration(columns.latency_ms[step])}</td>
      <td className="number">{first === null || first === undefined ? '–' : duration(first)}</td>
      <td className="number">
        {sent === null && columns.step_kind[step] !== 'llm' ? '–' : `${count(sent)}, ${count(got)}`}
      </td>
      <td className="number">{money(columns.cost[step])}</td>
    </>
  );
});
