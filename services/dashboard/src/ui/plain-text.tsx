import { memo, type ReactNode, useMemo } from 'react';
import { type Chunk, chunksOf, type Match } from '../format/find-text.ts';
import styles from './plain-text.module.css';

interface PlainTextProps {
  /** Already visible: see `visibleText`. */
  readonly text: string;
  readonly kind: 'prose' | 'code';
  /** In order; marked. */
  readonly matches?: readonly Match[];
  /** Index of the one that is looked at; −1: none of these. */
  readonly current?: number;
}

const NO_MATCHES: readonly Match[] = [];

/** A text of any length: in parts, of which the browser lays out those in sight. */
export function PlainText({ text, kind, matches = NO_MATCHES, current = -1 }: PlainTextProps) {
  const chunks = useMemo(() => chunksOf(text), [text]);
  const perChunk = useMemo(() => matchesPerChunk(chunks, matches), [chunks, matches]);
  return (
    <div className={styles.text} data-kind={kind} dir="auto">
      {chunks.map((chunk, index) => {
        const [first, count] = perChunk[index]!;
        const isHere = current >= first && current < first + count;
        return (
          <Part
            key={chunk.start}
            text={text.slice(chunk.start, chunk.end)}
            offset={chunk.start}
            isLong={chunks.length > 1}
            matches={count === 0 ? NO_MATCHES : matches}
            first={first}
            count={count}
            current={isHere ? current : -1}
          />
        );
      })}
    </div>
  );
}

interface PartProps {
  readonly text: string;
  readonly offset: number;
  readonly isLong: boolean;
  readonly matches: readonly Match[];
  readonly first: number;
  readonly count: number;
  readonly current: number;
}

const Part = memo(function Part({ text, offset, isLong, matches, first, count, current }: PartProps) {
  const nodes: ReactNode[] = [];
  let at = 0;
  for (let index = first; index < first + count; index++) {
    const start = Math.max(0, matches[index]!.start - offset);
    const end = Math.min(text.length, matches[index]!.end - offset);
    if (start > at) nodes.push(text.slice(at, start));
    nodes.push(
      <mark key={index} data-current={index === current || undefined}>
        {text.slice(start, end)}
      </mark>,
    );
    at = end;
  }
  nodes.push(text.slice(at));
  return <div className={isLong ? styles.part : undefined}>{nodes}</div>;
});

/** Of each chunk the first match in it, and how many. */
function matchesPerChunk(chunks: readonly Chunk[], matches: readonly Match[]): [first: number, count: number][] {
  let next = 0;
  return chunks.map(({ end }) => {
    const first = next;
    while (next < matches.length && matches[next]!.start < end) next++;
    return [first, next - first];
  });
}
