import { visibleText } from '../../../format/visible-text.ts';
import { type Column, Table } from '../../../ui/table.tsx';
import styles from './contrast.module.css';
import { effectText } from './effect-text.ts';
import { isTooFew, mayBeChance } from './effect-words.ts';
import type { Groups } from './groups.ts';
import { differenceText, metricWords, quantileText, relativeText } from './metric-words.ts';
import type { Metric } from './use-contrast.ts';

interface MetricsTableProps {
  readonly groups: Groups;
  readonly metrics: readonly Metric[];
}

/** What a session of each group comes to on average, how far the groups are apart, and how sure that is. */
export function MetricsTable({ groups: { a, b }, metrics }: MetricsTableProps) {
  const columns: readonly Column<Metric>[] = [
    { name: 'Per session', cell: ({ metric }) => metricWords(metric).name },
    {
      name: visibleText(a.name),
      kind: 'figure',
      cell: ({ metric, a: figures }) => <Figures metric={metric} of={figures} />,
    },
    {
      name: visibleText(b.name),
      kind: 'figure',
      cell: ({ metric, b: figures }) => <Figures metric={metric} of={figures} />,
    },
    {
      name: 'Difference',
      kind: 'figure',
      cell: ({ metric, difference }) => (difference === null ? unknown : differenceText(metric, difference)),
    },
    {
      name: 'In percent',
      kind: 'figure',
      cell: ({ a: one, b: other }) => (one && other ? relativeText(one.mean, other.mean) : unknown),
    },
    {
      name: '95% interval',
      kind: 'figure',
      cell: ({ metric, interval }) =>
        interval ? (
          <span className="quiet">
            {differenceText(metric, interval[0]!)} … {differenceText(metric, interval[1]!)}
          </span>
        ) : (
          unknown
        ),
    },
    { name: 'Size of the effect', cell: (metric) => <Effect {...metric} fewest={Math.min(a.sessions, b.sessions)} /> },
  ];
  return (
    <Table
      label={`Figures per session: ${a.name} and ${b.name}`}
      columns={columns}
      rows={metrics}
      keyOf={({ metric }) => metric}
    />
  );
}

const unknown = <span className="faint">unknown</span>;

function Figures({ metric, of }: { readonly metric: string; readonly of: Metric['a'] }) {
  if (of === null) return unknown;
  const { print } = metricWords(metric);
  return (
    <span className={styles.figures}>
      {print(of.mean)}
      <span className={styles.spread}>
        {quantileText(metric, of.p50)} · {quantileText(metric, of.p95)}
      </span>
    </span>
  );
}

function Effect({ metric, difference, interval, effect, fewest }: Metric & { readonly fewest: number }) {
  if (effect === null || difference === null) return unknown;
  return (
    <span className={styles.effect}>
      <DeltaBar delta={isTooFew(fewest) ? 0 : effect} />
      <span>
        {effectText({ metric, difference, effect, fewest })}
        {difference !== 0 && mayBeChance(interval) && <span className="quiet">; may be chance</span>}
      </span>
    </span>
  );
}

/** From the middle to the side whose sessions have more than those of the other, more often than less. */
function DeltaBar({ delta }: { readonly delta: number }) {
  const half = Math.min(1, Math.abs(delta)) * 50;
  return (
    <span className={styles.delta} aria-hidden>
      <span className={styles.deltaBar} style={{ left: `${delta < 0 ? 50 - half : 50}%`, width: `${half}%` }} />
    </span>
  );
}
