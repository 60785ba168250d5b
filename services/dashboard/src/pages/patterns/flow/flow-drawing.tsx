import { type KeyboardEvent, memo, type ReactNode, useCallback, useId, useMemo, useRef, useState } from 'react';
import { count } from '../../../format/count.ts';
import { pathColour } from '../../../format/path-colour.ts';
import type { AskedSessions } from '../../../search/asked-sessions.ts';
import { Scroller } from '../../../ui/scroller.tsx';
import { useWidth } from '../../../ui/use-width.ts';
import { BehindLink } from '../behind/behind-link.tsx';
import { fitPath } from './fit-path.ts';
import styles from './flow-drawing.module.css';
import { linkWords, nodeName, nodeWords } from './flow-words.ts';
import { type Flow, type FlowNode, layOutFlow, type PlacedLink, type PlacedNode } from './lay-out-flow.ts';
import { type FlowKey, nextMark } from './next-mark.ts';

interface FlowDrawingProps {
  readonly flow: Flow;
  readonly asked: AskedSessions;
}

/** px that a letter of a label takes. */
const LETTER = 7.25;
/** px between a node and its label. */
const LABEL_GAP = 5;
/** px: as much as a finger needs. */
const LABEL_HEIGHT = 24;
const KEYS: ReadonlySet<string> = new Set<FlowKey>(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);

/** The flow as ways that are as broad as many sessions took them. One stop for `Tab`, arrows from mark to mark. */
export function FlowDrawing({ flow, asked }: FlowDrawingProps) {
  const frame = useRef<HTMLDivElement>(null);
  const room = useWidth(frame);
  const placed = useMemo(() => layOutFlow(flow, room), [flow, room]);
  const [current, setCurrent] = useState<string>();
  const [shown, setShown] = useState<string>();
  const prefix = useId();
  const marks = useMemo(() => new Set([...placed.nodes, ...placed.links].map(({ id }) => id)), [placed]);
  const stop = current !== undefined && marks.has(current) ? current : placed.nodes[0]?.id;
  const onFocus = useCallback((id: string) => {
    setCurrent(id);
    setShown(id);
  }, []);
  const onKeyDown = useCallback(
    (event: KeyboardEvent, id: string) => {
      if (!KEYS.has(event.key)) return;
      event.preventDefault();
      document.getElementById(`${prefix}${nextMark(placed, id, event.key as FlowKey)}`)?.focus();
    },
    [placed, prefix],
  );
  const all = flow.nodes.find(({ kind }) => kind === 'start')?.sessions ?? flow.sessions;
  const link = placed.links.find((one) => one.id === shown);
  const node = placed.nodes.find((one) => one.id === shown);
  const shared = { asked, prefix, onFocus, onKeyDown, onShow: setShown };
  return (
    <div ref={frame}>
      <Scroller label="Flow from step to step" className={styles.scroll}>
        <div className={styles.place} style={{ width: placed.width }}>
          <Heads placed={placed.nodes} gap={placed.gap} />
          <svg
            width={placed.width}
            height={placed.height}
            className={styles.drawing}
            aria-label="Ways from step to step; arrow keys go along them"
            onPointerLeave={() => setShown(undefined)}
            onBlur={() => setShown(undefined)}
          >
            <g>
              {placed.links.map((one) => (
                <LinkMark key={one.id} {...shared} placed={one} isStop={one.id === stop} />
              ))}
            </g>
            <g>
              {placed.nodes.map((one) => (
                <NodeMark key={one.id} {...shared} placed={one} gap={placed.gap} all={all} isStop={one.id === stop} />
              ))}
            </g>
            <g aria-hidden className={styles.labels}>
              {placed.nodes.map((one) => (
                <NodeLabel key={one.id} placed={one} gap={placed.gap} />
              ))}
              {placed.links
                .filter((one) => one.link.is_loop && one.width >= 6)
                .map((one) => (
                  <text key={one.id} className={styles.loop} x={one.to.x - 14} y={one.toY + 4}>
                    ↺
                  </text>
                ))}
            </g>
          </svg>
          {node && <Tip x={node.x + node.width} y={node.y} lines={nodeWords(node.node, all)} placed={placed} />}
          {link && (
            <Tip
              x={(link.from.x + link.to.x) / 2}
              y={(link.fromY + link.toY) / 2 + link.width / 2}
              lines={linkWords(link.link, link.from.node, link.to.node)}
              placed={placed}
            />
          )}
        </div>
      </Scroller>
      <p className={styles.legend}>
        Columns are steps in their order; a way is as broad as many sessions took it. <span aria-hidden>↺</span>{' '}
        <span className={styles.dashed}>Dashed</span>: a loop, back to a path where the session had been before.
        {placed.linksLeftOut > 0 && ` ${count(placed.linksLeftOut)} thinner ways are not drawn: they are in the table.`}
      </p>
    </div>
  );
}

/** What all marks are given; none of it changes while one looks around. */
interface MarkProps {
  readonly asked: AskedSessions;
  readonly prefix: string;
  readonly isStop: boolean;
  readonly onFocus: (id: string) => void;
  readonly onKeyDown: (event: KeyboardEvent, id: string) => void;
  readonly onShow: (id: string) => void;
}

interface MarkLinkProps extends Omit<MarkProps, 'onShow'> {
  readonly id: string;
  readonly pattern: FlowNode['pattern'];
  readonly words: readonly string[];
  readonly children: ReactNode;
}

function MarkLink({ asked, pattern, words, id, prefix, isStop, onFocus, onKeyDown, children }: MarkLinkProps) {
  return (
    <BehindLink
      asked={pattern ? { ...asked, pattern } : asked}
      aria-label={words.join('. ')}
      className={styles.mark}
      id={`${prefix}${id}`}
      tabIndex={isStop ? 0 : -1}
      onFocus={() => onFocus(id)}
      onKeyDown={(event) => onKeyDown(event, id)}
    >
      {children}
    </BehindLink>
  );
}

const LinkMark = memo(function LinkMark({ placed, onShow, ...mark }: MarkProps & { readonly placed: PlacedLink }) {
  const { id, link, from, to, line, width } = placed;
  return (
    <MarkLink {...mark} id={id} pattern={link.pattern} words={linkWords(link, from.node, to.node)}>
      <path
        className={styles.link}
        d={line}
        style={{ color: from.node.path === null ? 'var(--line-strong)' : pathColour(from.node.path) }}
        strokeWidth={width}
        strokeDasharray={link.is_loop ? '7 3' : undefined}
        onPointerEnter={() => onShow(id)}
      />
    </MarkLink>
  );
});

const NodeMark = memo(function NodeMark({
  placed,
  gap,
  all,
  onShow,
  ...mark
}: MarkProps & NodeProps & { readonly all: number }) {
  const { id, node, x, y, width, height } = placed;
  const label = labelOf(node, gap);
  const reach = Math.max(height, LABEL_HEIGHT);
  return (
    <MarkLink {...mark} id={id} pattern={node.pattern} words={nodeWords(node, all)}>
      <g onPointerEnter={() => onShow(id)}>
        {/* Its label is part of what can be hit. */}
        <rect
          className={styles.reach}
          x={x}
          y={y + height / 2 - reach / 2}
          width={width + LABEL_GAP + (label.name.length + label.sessions.length + 1) * LETTER}
          height={reach}
        />
        <rect
          className={styles.node}
          x={x}
          y={y}
          width={width}
          height={height}
          rx={2}
          style={{ fill: node.path === null ? 'var(--line-strong)' : pathColour(node.path) }}
        />
      </g>
    </MarkLink>
  );
});

/** Beside its node, and not in its link: what links say is longer, and begins otherwise. */
function NodeLabel({ placed, gap }: NodeProps) {
  const { node, x, y, width, height } = placed;
  const { name, sessions } = labelOf(node, gap);
  return (
    <text
      className={styles.label}
      data-plain={node.path === null || undefined}
      x={x + width + LABEL_GAP}
      y={y + height / 2 + 4}
    >
      {name}
      <tspan className={styles.count}> {sessions}</tspan>
    </text>
  );
}

interface NodeProps {
  readonly placed: PlacedNode;
  readonly gap: number;
}

function labelOf(node: FlowNode, gap: number): { readonly name: string; readonly sessions: string } {
  const sessions = count(node.sessions);
  const room = Math.floor((gap - 2 * LABEL_GAP - 4) / LETTER) - sessions.length - 1;
  return { name: fitPath(nodeName(node), Math.max(4, room)), sessions };
}

function Heads({ placed, gap }: { readonly placed: readonly PlacedNode[]; readonly gap: number }) {
  const columns = new Map(placed.map(({ node, x }) => [node.position, x]));
  const steps = Math.max(0, ...placed.flatMap(({ node }) => (isStep(node) ? node.position : [])));
  return (
    <div className={styles.heads} aria-hidden>
      {Array.from(columns, ([position, x]) => (
        <span key={position} style={{ left: x, maxWidth: gap }}>
          {position === 0 ? 'Start' : position > steps ? 'Then' : `Step ${position}`}
        </span>
      ))}
    </div>
  );
}

function isStep({ kind }: FlowNode): boolean {
  return kind === 'path' || kind === 'other';
}

interface TipProps {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
  readonly placed: { readonly width: number; readonly height: number };
}

/** Beside what is pointed at, or has the focus. */
function Tip({ x, y, lines, placed }: TipProps) {
  const isRight = x > placed.width / 2;
  return (
    <div
      className={styles.tip}
      aria-hidden
      style={{
        top: Math.min(y + 34, Math.max(0, placed.height - 60)),
        ...(isRight ? { right: placed.width - x + 16 } : { left: x + 12 }),
      }}
    >
      {lines.map((line, at) => (
        <div key={line} className={at === 0 ? styles.tipHead : undefined}>
          {line}
        </div>
      ))}
    </div>
  );
}
