import { useMemo } from 'react';
import { count } from '../../format/count.ts';
import { money } from '../../format/money.ts';
import { exactRange } from '../../search/range.ts';
import { TimeChart } from '../../ui/chart/time-chart.tsx';
import styles from './sessions-page.module.css';
import type { Spread } from './use-spread.ts';

interface ListChartsProps {
  readonly spread: Spread;
  readonly onRange: (range: string) => void;
}

/** px. */
const HEIGHT = 96;

/** The selection over time: how many, what they cost, what failed. Sessions stand where they began. */
export function ListCharts({ spread, onRange }: ListChartsProps) {
  const { label, points, times, endMs } = spread;
  const charts = useMemo(
    () =>
      [
        ['Sessions', '--accent', points.map(({ sessions }) => sessions), count],
        ['Cost', '--accent', points.map(({ cost }) => cost), money],
        ['Errors', '--bad', points.map(({ errors }) => errors), count],
      ] as const,
    [points],
  );
  const choose = (fromMs: number, toMs: number) => onRange(exactRange(fromMs, toMs));
  return (
    <div className={styles.charts}>
      {charts.map(([name, role, values, format]) => (
        <TimeChart
          key={name}
          title={`${name} ${label}${name === 'Cost' ? ', USD' : ''}`}
          times={times}
          series={[{ name, role, values }]}
          kind="bars"
          format={format}
          height={HEIGHT}
          onRange={choose}
          onPick={(index) => choose(times[index]! - 1, times[index + 1] ?? endMs)}
        />
      ))}
    </div>
  );
}
