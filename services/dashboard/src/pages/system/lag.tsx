import { useState } from 'react';
import { count, wholeCount } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/page.tsx';
import { Stat, Stats } from '../../ui/stat.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import type { Status } from './read-system.ts';
import styles from './system.module.css';

type Partition = Status['partitions'][number];

/** How far totals and lists are behind the log. */
export function Lag({ status: { partitions } }: { readonly status: Status }) {
  const [isWhole, setWhole] = useState(false);
  const behind = partitions.filter((one) => lagOf(one) !== 0 || unshownOf(one) > 0);
  const lag = partitions.reduce((sum, one) => sum + (lagOf(one) ?? 0), 0);
  const unshown = partitions.reduce((sum, one) => sum + unshownOf(one), 0);
  const oldestMs = Math.max(0, ...partitions.map((one) => (lagOf(one) === 0 ? 0 : (one.behind_ms ?? 0))));
  return (
    <Section
      title="Consumer lag"
      actions={
        <Button kind="quiet" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
          All partitions
        </Button>
      }
    >
      <Stats>
        <Stat label="Not in totals" note="events that are logged">
          <span className={lag > 0 ? 'warn' : ''}>{count(lag)}</span>
        </Stat>
        <Stat label="Not in lists" note="events that totals have">
          {count(unshown)}
        </Stat>
        <Stat label="Oldest waits" note={lag === 0 ? undefined : 'at most'}>
          {lag === 0 ? 'nothing waits' : duration(oldestMs)}
        </Stat>
        <Stat label="Partitions behind" note={`of ${partitions.length}`}>
          {count(behind.length)}
        </Stat>
      </Stats>
      {(isWhole || behind.length > 0) && (
        <Table
          label="Partitions of the log"
          rows={isWhole ? partitions : behind}
          keyOf={({ partition }) => `${partition}`}
          columns={COLUMNS}
        />
      )}
      {!isWhole && behind.length === 0 && (
        <p className={styles.quiet}>Totals and lists show everything that is logged.</p>
      )}
    </Section>
  );
}

const COLUMNS: readonly Column<Partition>[] = [
  { name: 'Partition', cell: ({ partition }) => partition },
  { name: 'Logged', kind: 'figure', cell: ({ logged }) => (logged === null ? 'unknown' : wholeCount(logged)) },
  { name: 'In totals', kind: 'figure', cell: ({ applied }) => wholeCount(applied) },
  { name: 'In lists', kind: 'figure', cell: ({ shown }) => wholeCount(shown) },
  {
    name: 'Behind',
    kind: 'figure',
    cell: (one) => {
      const lag = lagOf(one);
      return lag === null ? 'unknown' : wholeCount(lag);
    },
  },
  {
    name: 'Oldest waits',
    kind: 'figure',
    cell: (one) => (lagOf(one) === 0 ? 'nothing waits' : duration(one.behind_ms)),
  },
];

/** Events; null: the log does not answer. */
function lagOf({ logged, applied }: Partition): number | null {
  return logged === null ? null : Math.max(0, logged - applied);
}

function unshownOf({ applied, shown }: Partition): number {
  return Math.max(0, applied - shown);
}
