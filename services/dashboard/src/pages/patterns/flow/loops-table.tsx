import { count } from '../../../format/count.ts';
import type { AskedSessions } from '../../../search/asked-sessions.ts';
import { PathName } from '../../../ui/path-name.tsx';
import { ShareBar } from '../../../ui/share-bar.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { BehindLink } from '../behind/behind-link.tsx';
import type { Flow } from './lay-out-flow.ts';

type Loop = Flow['loops'][number];

/** Ways back to a path where a session had been, whatever their position. */
export function LoopsTable({ flow, asked }: { readonly flow: Flow; readonly asked: AskedSessions }) {
  const known = flow.sessions - flow.sessions_without_steps;
  const columns: readonly Column<Loop>[] = [
    { name: 'From', kind: 'name', cell: ({ from }) => <PathName path={from} /> },
    {
      name: 'Back to',
      kind: 'name',
      cell: ({ from, to }) => (from === to ? <span className="quiet">itself, again</span> : <PathName path={to} />),
    },
    {
      name: 'Sessions',
      kind: 'figure',
      cell: (loop) => (
        <BehindLink
          asked={{ ...asked, pattern: patternOf(loop) }}
          aria-label={`${count(loop.sessions)} sessions that went from ${loop.from} back to ${loop.to}`}
        >
          {count(loop.sessions)}
        </BehindLink>
      ),
    },
    { name: 'Of all', cell: ({ sessions }) => <ShareBar share={known === 0 ? 0 : sessions / known} /> },
    { name: 'Times', kind: 'figure', cell: (loop) => count(loop.count) },
    {
      name: 'Times per session',
      kind: 'figure',
      cell: (loop) => (loop.sessions === 0 ? '' : (loop.count / loop.sessions).toFixed(1)),
    },
  ];
  return (
    <Table
      label="Loops, most sessions first"
      columns={columns}
      rows={flow.loops.toSorted((a, b) => b.sessions - a.sessions || b.count - a.count)}
      keyOf={({ from, to }) => JSON.stringify([from, to])}
    />
  );
}

/** Those that took the one, the other and the first again, in this order. */
function patternOf({ from, to }: Loop): AskedSessions['pattern'] {
  const steps = from === to ? [from, from] : [to, from, to];
  return { steps: steps.map((path) => ({ path })) };
}
