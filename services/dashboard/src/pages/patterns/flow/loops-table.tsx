import { wholeCount } from '../../../format/count.ts';
import type { AskedSessions } from '../../../search/asked-sessions.ts';
import { PathName } from '../../../ui/path-name.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { BehindLink } from '../behind/behind-link.tsx';
import styles from './flow-drawing.module.css';
import type { Flow } from './lay-out-flow.ts';

type Loop = Flow['loops'][number];

/** Ways back to a path where a session had been, whatever their position. */
export function LoopsTable({ flow: { loops }, asked }: { readonly flow: Flow; readonly asked: AskedSessions }) {
  const most = Math.max(1, ...loops.map(({ count }) => count));
  const columns: readonly Column<Loop>[] = [
    { name: 'From', kind: 'name', cell: ({ from }) => <PathName path={from} /> },
    {
      name: 'Back to',
      kind: 'name',
      cell: ({ from, to }) => (from === to ? <span className="quiet">itself, again</span> : <PathName path={to} />),
    },
    { name: 'Times', kind: 'figure', cell: ({ count }) => wholeCount(count) },
    {
      name: 'Beside the commonest',
      cell: ({ count }) => (
        <span className={styles.times} aria-hidden>
          <span style={{ width: `${(count / most) * 100}%` }} />
        </span>
      ),
    },
    {
      name: 'Sessions',
      cell: ({ from, to, pattern }) => (
        <BehindLink
          asked={{ ...asked, pattern }}
          aria-label={`Show them: sessions that went from ${from} back to ${to}`}
        >
          Show them
        </BehindLink>
      ),
    },
  ];
  return (
    <Table
      label="Loops, most often taken first"
      columns={columns}
      rows={loops}
      keyOf={({ from, to }) => JSON.stringify([from, to])}
    />
  );
}
