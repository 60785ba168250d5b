import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { sessionFlowAnswer } from '@throughline/contracts/api/flow-answer';
import type { FlowPattern, FlowPlace } from '@throughline/contracts/api/session-pattern';
import { picoToUsd } from '@throughline/contracts/money';
import type { z } from 'zod';
import type { SessionSelection } from '../select-sessions.ts';
import { countFlow, type FlowCount, type FlowView, type Place } from './flow-counts.ts';
import { selectedSessions } from './selected-sessions.ts';

export type Flow = z.output<typeof sessionFlowAnswer>['data'];
type Node = Flow['nodes'][number];
type Link = Flow['links'][number];
/** What a mark's pattern says of how its steps are looked at. */
type PatternView = Pick<FlowPattern, 'foldPaths' | 'pathLevels' | 'collapseRepeats'>;

export interface FlowAsked {
  readonly foldPaths?: boolean | undefined;
  readonly depthMax?: number | undefined;
  readonly pathLevels?: number | undefined;
  readonly mergeBelow?: number | undefined;
  readonly collapseRepeats?: boolean | undefined;
}

const DEPTH_DEFAULT = 8;
const MERGE_DEFAULT = 0.01;
const LOOPS_MAX = 100;

/** The flow of the selected sessions from step to step: what comes into a node goes out of it. */
export async function readFlow(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  {
    depthMax = DEPTH_DEFAULT,
    mergeBelow = MERGE_DEFAULT,
    foldPaths = true,
    pathLevels,
    collapseRepeats = true,
  }: FlowAsked,
): Promise<Flow> {
  const view: FlowView = { depthMax, mergeBelow, foldPaths, pathLevels, collapseRepeats };
  const source = await selectedSessions(analytics, selection);
  const { sessions, withoutSteps, counts, isFolded } = await countFlow(analytics, source, view);
  const ofView: PatternView = {
    // Where nothing is folded it need not be tried for every session.
    ...(!isFolded && { foldPaths: false }),
    ...(pathLevels !== undefined && { pathLevels }),
    ...(!collapseRepeats && { collapseRepeats }),
  };
  const truncated = counts.filter(({ next }) => next === 'more').reduce((sum, count) => sum + count.sessions, 0);
  return {
    sessions,
    sessions_without_steps: withoutSteps,
    truncated_sessions: truncated,
    ...drawFlow(counts, view, ofView),
    loops: loopsOf(counts, view, ofView),
  };
}

/** Nodes and links, with what selects the sessions behind each. */
function drawFlow(counts: readonly FlowCount[], view: FlowView, ofView: PatternView): Pick<Flow, 'nodes' | 'links'> {
  const shown = shownPaths(counts);
  const placeOf = (place: Place, position: number): FlowPlace =>
    place === 'other' ? { noneOf: [...(shown.get(position) ?? [])] } : place;
  const nodes = new Map<string, Node & { cost_pico: bigint }>();
  const node = (id: string, made: Pick<Node, 'kind' | 'path' | 'position' | 'pattern'>) => {
    const known = nodes.get(id) ?? { id, ...made, sessions: 0, requests: 0, errors: 0, cost: 0, cost_pico: 0n };
    nodes.set(id, known);
    return known;
  };
  const links = new Map<string, Link>();
  const link = (from: string, to: string, isLoop: boolean, pattern: FlowPattern) => {
    const key = `${from} ${to} ${isLoop}`;
    const known = links.get(key) ?? { from, to, sessions: 0, is_loop: isLoop, pattern };
    links.set(key, known);
    return known;
  };

  if (counts.length > 0) node(START, { kind: 'start', path: null, position: 0, pattern: null });
  for (const { position, at, next, isLoop, sessions, requests, errors, costPico } of counts) {
    const pattern: FlowPattern = { position, at: placeOf(at, position), ...ofView };
    const from = node(idOf(position, at), { ...kindOf(at), position, pattern });
    from.sessions += sessions;
    from.requests += requests;
    from.errors += errors;
    from.cost_pico += costPico;
    if (position === 1) {
      nodes.get(START)!.sessions += sessions;
      link(START, from.id, false, pattern).sessions += sessions;
    }
    const to = idOf(position + 1, next);
    if (next === 'end' || next === 'more') {
      const isLast = position === view.depthMax;
      const how = next === 'end' ? 'end' : isLast ? 'more' : 'unknown';
      const ended = { kind: next, path: null, position: position + 1, pattern: { position, next: how, ...ofView } };
      node(to, ended as Pick<Node, 'kind' | 'path' | 'position' | 'pattern'>).sessions += sessions;
      link(from.id, to, false, { ...pattern, next: how }).sessions += sessions;
    } else {
      link(from.id, to, isLoop, { ...pattern, next: placeOf(next, position + 1), isLoop }).sessions += sessions;
    }
  }
  return {
    nodes: [...nodes.values()]
      .map(({ cost_pico: pico, ...made }) => ({ ...made, cost: picoToUsd(pico) }))
      .sort((a, b) => a.position - b.position || b.sessions - a.sessions || compareText(a.id, b.id)),
    links: [...links.values()].sort(
      (a, b) =>
        positionOf(nodes, a) - positionOf(nodes, b) ||
        b.sessions - a.sessions ||
        compareText(a.from, b.from) ||
        compareText(a.to, b.to) ||
        Number(a.is_loop) - Number(b.is_loop),
    ),
  };
}

const START = '0:start';

/** No path is one of the words: they begin with a slash, or are `…`. */
function idOf(position: number, place: Place | 'end' | 'more'): string {
  return `${position}:${typeof place === 'object' ? place.path : place}`;
}

function kindOf(place: Place): Pick<Node, 'kind' | 'path'> {
  return place === 'other' ? { kind: 'other', path: null } : { kind: 'path', path: place.path };
}

/** By position. */
function shownPaths(counts: readonly FlowCount[]): ReadonlyMap<number, ReadonlySet<string>> {
  const shown = new Map<number, Set<string>>();
  for (const { position, at } of counts) {
    if (at === 'other') continue;
    shown.set(position, (shown.get(position) ?? new Set()).add(at.path));
  }
  return shown;
}

function positionOf(nodes: ReadonlyMap<string, Node>, { from }: Link): number {
  return nodes.get(from)!.position;
}

/** Ways back, and calls of a path right after one of it. */
function loopsOf(counts: readonly FlowCount[], view: FlowView, ofView: PatternView): Flow['loops'] {
  const loops = new Map<string, Flow['loops'][number]>();
  const add = (from: string, to: string, count: number) => {
    if (count <= 0) return;
    const key = JSON.stringify([from, to]);
    const pattern = { loop: { from, to }, depthMax: view.depthMax, ...ofView };
    const loop = loops.get(key) ?? { from, to, count: 0, pattern };
    loop.count += count;
    loops.set(key, loop);
  };
  for (const { at, next, isLoop, sessions, requests } of counts) {
    if (at === 'other') continue;
    if (view.collapseRepeats) add(at.path, at.path, requests - sessions);
    if (isLoop && typeof next === 'object') add(at.path, next.path, sessions);
  }
  return [...loops.values()]
    .sort((a, b) => b.count - a.count || compareText(a.from, b.from) || compareText(a.to, b.to))
    .slice(0, LOOPS_MAX);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
