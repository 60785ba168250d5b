import { CircleAlert, CircleCheck } from 'lucide-react';
import { bytes, count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Section } from '../../ui/page.tsx';
import { Stat, Stats } from '../../ui/stat.tsx';
import { Table } from '../../ui/table.tsx';
import type { Status } from './read-system.ts';
import styles from './system.module.css';

/** Versions, what answers, and how much lies where. */
export function Stores({ status }: { readonly status: Status }) {
  const { tables, totals, log_bytes: logBytes, outbox, checks } = status;
  const stored = tables?.reduce((sum, table) => sum + table.bytes, 0);
  return (
    <Section title="Installation">
      <ul className={styles.checks} aria-label="What answers">
        {checks.map(({ name, ok, reason }) => (
          <li key={name} className={ok ? 'good' : 'bad'}>
            {ok ? <CircleCheck size={14} aria-hidden /> : <CircleAlert size={14} aria-hidden />}
            {name} {ok ? 'answers' : `does not answer${reason === null ? '' : `: ${visibleText(reason)}`}`}
          </li>
        ))}
      </ul>
      <Stats>
        <Stat label="Throughline" note={status.mode === 'embedded' ? 'one process' : 'over servers'}>
          {status.version}
        </Stat>
        <Stat label="Running for" note="this process">
          {duration(status.uptime_ms)}
        </Stat>
        <Stat label="Node.js">{status.node}</Stat>
        <Stat label="ClickHouse" note={status.schema === null ? 'schema unknown' : `schema ${status.schema}`}>
          {status.engine ?? 'unknown'}
        </Stat>
        <Stat label="Stored" note={tables === null ? 'does not answer' : `in ${tables.length} tables`}>
          {bytes(stored)}
        </Stat>
        <Stat label="Event log" note={logBytes === null ? 'is on servers of its own' : 'on disk'}>
          {bytes(logBytes)}
        </Stat>
        <Stat label="Live totals" note={totals === null ? 'does not answer' : `of ${count(totals.sessions)} sessions`}>
          {bytes(totals?.bytes)}
        </Stat>
        <Stat label="Outbox" note={outboxNote(status)}>
          {outbox === null ? 'none' : count(outbox.events)}
        </Stat>
      </Stats>
      {tables !== null && (
        <details className={styles.more}>
          <summary>Sizes of tables</summary>
          <Table
            label="Sizes of tables"
            rows={tables}
            keyOf={({ name }) => name}
            columns={[
              { name: 'Table', kind: 'name', cell: ({ name }) => <span className="mono">{name}</span> },
              { name: 'Rows', kind: 'figure', cell: ({ rows }) => count(rows) },
              { name: 'Size', kind: 'figure', cell: (table) => bytes(table.bytes) },
            ]}
          />
        </details>
      )}
    </Section>
  );
}

function outboxNote({ outbox, mode }: Status): string {
  if (outbox === null) return mode === 'embedded' ? 'calls go straight to the log' : 'gateways have theirs, in metrics';
  if (outbox.events === 0) return 'events wait to be logged';
  return `events wait, ${bytes(outbox.bytes)}, the oldest for ${duration(outbox.oldest_ms)}`;
}
