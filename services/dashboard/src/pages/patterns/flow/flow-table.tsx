import { useState } from 'react';
import { percent, wholeCount } from '../../../format/count.ts';
import type { AskedSessions } from '../../../search/asked-sessions.ts';
import { Button } from '../../../ui/button.tsx';
import { PathName } from '../../../ui/path-name.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { BehindLink } from '../behind/behind-link.tsx';
import styles from './flow-drawing.module.css';
import { nodeName } from './flow-words.ts';
import type { Flow, FlowLink, FlowNode } from './lay-out-flow.ts';

interface Row {
  readonly link: FlowLink;
  readonly from: FlowNode;
  readonly to: FlowNode;
}

/** Rows shown at first. */
const ROWS = 200;

/** What the drawing shows, as figures. */
export function FlowTable({ flow, asked }: { readonly flow: Flow; readonly asked: AskedSessions }) {
  const [isWhole, setWhole] = useState(false);
  const byId = new Map(flow.nodes.map((node) => [node.id, node]));
  const rows = flow.links
    .map((link) => ({ link, from: byId.get(link.from)!, to: byId.get(link.to)! }))
    .sort((a, b) => b.link.sessions - a.link.sessions)
    .slice(0, isWhole ? undefined : ROWS)
    .sort((a, b) => a.from.position - b.from.position || b.link.sessions - a.link.sessions);
  const columns: readonly Column<Row>[] = [
    { name: 'After step', kind: 'figure', cell: ({ from }) => (from.position === 0 ? '' : from.position) },
    { name: 'From', kind: 'name', cell: ({ from }) => <NodeName node={from} /> },
    { name: 'To', kind: 'name', cell: ({ to }) => <NodeName node={to} /> },
    { name: 'Loop', cell: ({ link }) => (link.is_loop ? '↺ back' : '') },
    {
      name: 'Sessions',
      kind: 'figure',
      cell: ({ link, from, to }) => (
        <BehindLink
          asked={link.pattern ? { ...asked, pattern: link.pattern } : asked}
          aria-label={`${wholeCount(link.sessions)} sessions from ${nodeName(from)} to ${nodeName(to)}`}
        >
          {wholeCount(link.sessions)}
        </BehindLink>
      ),
    },
    { name: 'Of those there', kind: 'figure', cell: ({ link, from }) => percent(link.sessions / from.sessions) },
  ];
  return (
    <>
      <Table
        label="Flow from step to step, as figures"
        columns={columns}
        rows={rows}
        keyOf={({ link }) => `${link.from} ${link.to} ${link.is_loop}`}
      />
      {rows.length < flow.links.length && (
        <p className={styles.legend}>
          The {ROWS} ways that most took. <Button onClick={() => setWhole(true)}>Show all {flow.links.length}</Button>
        </p>
      )}
    </>
  );
}

function NodeName({ node }: { readonly node: FlowNode }) {
  return node.path === null ? <span className="quiet">{nodeName(node)}</span> : <PathName path={node.path} />;
}
