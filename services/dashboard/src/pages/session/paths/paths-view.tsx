import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useMemo, useRef } from 'react';
import { count, percent } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { exactInstant } from '../../../format/instant.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { useShortcut } from '../../../shell/shortcuts.ts';
import { Button } from '../../../ui/button.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { TableSwitch } from '../../../ui/table-switch.tsx';
import virtualRows from '../../../ui/virtual-rows.module.css';
import type { ViewProps } from '../session-choice.ts';
import type { StepColumns } from '../steps/ask-steps.ts';
import { PathDot } from '../steps/path-dot.tsx';
import shared from '../steps/steps.module.css';
import { type TimeScale, timeScale } from '../timeline/time-scale.ts';
import {
  type LatencyAxis,
  latencyAxis,
  latencyBins,
  type PathDistribution,
  pathDistributions,
  presenceOf,
  quantile,
} from './path-distribution.ts';
import { LatencyScale, LatencyStrip, PresenceStrip, ShareBar } from './path-marks.tsx';
import styles from './paths.module.css';

const ROW_PX = 48;
/** Of the pictures, px: they are drawn to it and stretched to the room there is. */
const BINS = 36;
const RESOLUTION = 1 / 400;

/** Of each path: how long it takes, when in the session it runs, what it costs, how much of it fails. */
export function PathsView({ steps, selected, onSelect, choice, onChoose }: ViewProps) {
  const { columns } = steps;
  const isFolding = choice.fold !== 'off';
  const isTable = choice.table === '1';
  const paths = useMemo(() => pathDistributions(columns, isFolding), [columns, isFolding]);
  const axis = useMemo(() => latencyAxis(paths), [paths]);
  const scale = useMemo(() => timeScale(columns.started_at, columns.latency_ms, true), [columns]);
  const costMax = Math.max(...paths.map(({ cost }) => cost), Number.MIN_VALUE);
  const current = paths.findIndex(({ steps: own }) => own.includes(selected));
  const go = (by: 1 | -1) => {
    const next = paths[current === -1 ? (by === 1 ? 0 : paths.length - 1) : current + by];
    if (next) onSelect(next.slowest);
  };
  useShortcut('next', () => go(1));
  useShortcut('previous', () => go(-1));
  const idleMs = scale.gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return (
    <>
      <div className={shared.toolbar}>
        <span className="quiet">
          {count(paths.length)} {paths.length === 1 ? 'path' : 'paths'}, those that took most time first
          {idleMs > 0 && `; ${duration(idleMs)} of idle time left out`}
        </span>
        <Button kind="quiet" aria-pressed={isFolding} onClick={() => onChoose({ fold: isFolding ? 'off' : undefined })}>
          Numbers and ids in paths as one
        </Button>
        <TableSwitch
          of="Distribution by path"
          isTable={isTable}
          onChange={(next) => onChoose({ table: next ? '1' : undefined })}
        />
      </div>
      {isTable ? (
        <div className={virtualRows.scroll}>
          <Table label="Distribution by path" columns={tableColumns(columns)} rows={paths} keyOf={({ path }) => path} />
        </div>
      ) : (
        <PathRows
          paths={paths}
          columns={columns}
          axis={axis}
          scale={scale}
          costMax={costMax}
          current={current}
          onSelect={onSelect}
        />
      )}
    </>
  );
}

interface PathRowsProps {
  readonly paths: readonly PathDistribution[];
  readonly columns: StepColumns;
  readonly axis: LatencyAxis;
  readonly scale: TimeScale;
  readonly costMax: number;
  readonly current: number;
  readonly onSelect: (step: number) => void;
}

function PathRows({ paths, columns, axis, scale, costMax, current, onSelect }: PathRowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: paths.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    paddingStart: ROW_PX,
    scrollPaddingStart: ROW_PX,
  });
  return (
    <div ref={scroller} className={virtualRows.scroll}>
      <table
        className={styles.table}
        style={{ height: virtual.getTotalSize() }}
        aria-label="Distribution by path"
        aria-rowcount={paths.length + 1}
      >
        <thead className={virtualRows.head}>
          <tr className={styles.row} aria-rowindex={1}>
            <th scope="col">Path</th>
            <th scope="col" className="number">
              Requests
            </th>
            <th scope="col">
              Latency, each request
              <LatencyScale axis={axis} />
            </th>
            <th scope="col" className="number">
              Median, p95
            </th>
            <th scope="col">
              When in the session
              <span className={styles.ends}>
                <span>+0</span>
                <span>+{duration(scale.toMs - scale.fromMs)}</span>
              </span>
            </th>
            <th scope="col">Cost</th>
            <th scope="col">Errors</th>
          </tr>
        </thead>
        <tbody>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <tr
              key={paths[index]!.path}
              className={styles.row}
              style={{ transform: `translateY(${start}px)` }}
              aria-rowindex={index + 2}
              aria-selected={index === current}
            >
              <PathCells
                path={paths[index]!}
                columns={columns}
                axis={axis}
                scale={scale}
                costMax={costMax}
                onSelect={onSelect}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PathCellsProps extends Omit<PathRowsProps, 'paths' | 'current'> {
  readonly path: PathDistribution;
}

const PathCells = memo(function PathCells({
  path: distribution,
  columns,
  axis,
  scale,
  costMax,
  onSelect,
}: PathCellsProps) {
  const { path, steps, latencies, cost, unpriced, errors, slowest } = distribution;
  const bins = useMemo(() => latencyBins(distribution, axis, BINS), [distribution, axis]);
  const presence = useMemo(() => presenceOf(distribution, columns, scale, RESOLUTION), [distribution, columns, scale]);
  const [median, p95] = [quantile(latencies, 0.5), quantile(latencies, 0.95)];
  const failed = distribution.steps.find((step) => columns.is_error[step]);
  const shownCost = unpriced === steps.length ? null : cost;
  return (
    <>
      <td className={styles.path}>
        <PathDot path={path} />
        <button type="button" title={visibleText(path)} onClick={() => onSelect(slowest)}>
          <bdi>{visibleText(path)}</bdi>
        </button>
      </td>
      <td className="number">{count(steps.length)}</td>
      <td>
        <LatencyStrip
          path={path}
          bins={bins}
          marks={[0.05, 0.25, 0.5, 0.75, 0.95].map((share) => axis.place(quantile(latencies, share)))}
          label={`${visibleText(path)}: from ${duration(latencies[0])} to ${duration(latencies.at(-1))}, half of them under ${duration(median)}`}
        />
      </td>
      <td className="number">
        {duration(median)}
        <br />
        <span className="quiet">{duration(p95)}</span>
      </td>
      <td>
        <PresenceStrip
          path={path}
          presence={presence}
          label={`Runs from +${duration(columns.started_at[steps[0]!]! - scale.fromMs)} to +${duration(endOf(columns, steps) - scale.fromMs)}`}
        />
      </td>
      <td>
        <span className={unpriced > 0 ? 'warn' : undefined} title={unpriced > 0 ? `${unpriced} unknown` : undefined}>
          {money(shownCost)}
        </span>
        <ShareBar share={cost / costMax} tone="--accent" />
      </td>
      <td>
        {errors === 0 ? (
          <span className="faint">0</span>
        ) : (
          <button type="button" className={`bad ${styles.errors}`} onClick={() => onSelect(failed!)}>
            ✕ {count(errors)}, {percent(errors / steps.length)}
          </button>
        )}
        <ShareBar share={errors / steps.length} tone="--bad" />
      </td>
    </>
  );
});

function endOf(columns: StepColumns, steps: readonly number[]): number {
  return steps.reduce((end, step) => Math.max(end, columns.started_at[step]! + columns.latency_ms[step]!), 0);
}

function tableColumns(columns: StepColumns): Column<PathDistribution>[] {
  const at = (name: string, share: number): Column<PathDistribution> => ({
    name,
    kind: 'figure',
    cell: ({ latencies }) => duration(quantile(latencies, share)),
  });
  return [
    { name: 'Path', kind: 'name', cell: ({ path }) => <bdi>{visibleText(path)}</bdi> },
    { name: 'Requests', kind: 'figure', cell: ({ steps }) => count(steps.length) },
    at('Fastest', 0),
    at('p25', 0.25),
    at('Median', 0.5),
    at('p75', 0.75),
    at('p95', 0.95),
    at('Slowest', 1),
    { name: 'First began', cell: ({ steps }) => exactInstant(columns.started_at[steps[0]!]!) },
    { name: 'Last ended', cell: ({ steps }) => exactInstant(endOf(columns, steps)) },
    {
      name: 'Cost',
      kind: 'figure',
      cell: ({ cost, unpriced, steps }) => money(unpriced === steps.length ? null : cost),
    },
    { name: 'Errors', kind: 'figure', cell: ({ errors }) => count(errors) },
    { name: 'Error share', kind: 'figure', cell: ({ errors, steps }) => percent(errors / steps.length) },
  ];
}
