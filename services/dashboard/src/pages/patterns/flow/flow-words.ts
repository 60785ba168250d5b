import { count, percent } from '../../../format/count.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import type { FlowLink, FlowNode } from './lay-out-flow.ts';

/** What a node is called. */
export function nodeName({ kind, path }: Pick<FlowNode, 'kind' | 'path'>): string {
  return path === null ? NAMES[kind] : visibleText(path);
}

/** What a node says when it is looked at. @param all sessions in the flow. */
export function nodeWords(node: FlowNode, all: number): string[] {
  const { kind, position, sessions, requests, errors, cost } = node;
  const step =
    kind === 'start'
      ? nodeName(node)
      : kind === 'end'
        ? `End, after ${position - 1} step${position === 2 ? '' : 's'}`
        : `Step ${position}: ${nodeName(node)}`;
  const known = [step, `${sessionsWord(sessions)}, ${percent(sessions / all)} of all`];
  if (requests > 0) known.push(`${count(requests)} request${requests === 1 ? '' : 's'}, ${money(cost)}`);
  if (errors > 0)
    known.push(`${count(errors)} error${errors === 1 ? '' : 's'}, ${percent(errors / requests)} of requests`);
  return known;
}

/** The same of a link. */
export function linkWords(link: FlowLink, from: FlowNode, to: FlowNode): string[] {
  const way = to.kind === 'end' ? `${nodeName(from)}, then nothing more` : `${nodeName(from)} → ${nodeName(to)}`;
  const known = [
    from.kind === 'start' ? `First step: ${nodeName(to)}` : `After step ${from.position}: ${way}`,
    `${sessionsWord(link.sessions)}, ${percent(link.sessions / from.sessions)} of those that were there`,
  ];
  if (link.is_loop) known.push('A loop: back to a path where they had been before');
  return known;
}

export function sessionsWord(sessions: number): string {
  return `${count(sessions)} session${sessions === 1 ? '' : 's'}`;
}

const NAMES = { start: 'All', path: '', other: 'other paths', end: 'end', more: 'more steps' } as const;
