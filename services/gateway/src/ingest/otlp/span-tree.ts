import type { Span } from './read-spans.ts';
import type { SpanContext } from './span-context.ts';
import type { SpanKind } from './span-kind.ts';
import type { TraceSession } from './trace-sessions.ts';

/** A span with what was read of it, among those that came with it. */
export interface SpanNode {
  readonly span: Span;
  readonly kind: SpanKind;
  readonly context: SpanContext;
}

/** Where a span belongs, by itself and by those above it. */
export interface SpanPlace {
  readonly session: SpanContext['session'];
  readonly sessionName: string;
  readonly path: string;
  readonly userId: string;
}

/** More is no tree that anybody reads; ends circles as well. */
const DEPTH_MAX = 64;
/** Longer paths are cut, whole segments at a time. */
const PATH_CHARS_MAX = 2_048;

/**
 * The places of spans that came in one export. Who says nothing itself has session, name and user of the nearest span above
 * it that does, else the session of its trace, if there is one only: instrumentations often name it on the first span alone.
 * The path, unless one is given, is made of the names of the steps above and its own.
 *
 * @param known what earlier exports have named of a trace; nothing else of them matters, and nothing of later ones can.
 * @returns beside the places, what is known of the traces now.
 */
export function placeSpans(
  nodes: readonly SpanNode[],
  known: (traceId: string) => TraceSession = () => undefined,
): { readonly places: SpanPlace[]; readonly traces: ReadonlyMap<string, NonNullable<TraceSession>> } {
  const bySpan = new Map<string, SpanNode>();
  const ofTrace = new Map<string, NonNullable<TraceSession>>();
  for (const node of nodes) {
    const { traceId, spanId } = node.span;
    bySpan.set(traceId + spanId, node);
    const before = ofTrace.get(traceId) ?? known(traceId);
    const session = node.context.session ?? before;
    if (!session) continue;
    ofTrace.set(traceId, before === undefined || idOf(before) === idOf(session) ? session : 'several');
  }
  const places = nodes.map((node) => {
    const line = lineOf(node, bySpan);
    const first = <T>(read: (context: SpanContext) => T | undefined | '') => {
      for (const { context } of line) {
        const found = read(context);
        if (found) return found;
      }
      return undefined;
    };
    const sole = ofTrace.get(node.span.traceId);
    return {
      session: first(({ session }) => session) ?? (sole === 'several' ? undefined : sole),
      sessionName: first(({ sessionName }) => sessionName) ?? '',
      userId: first(({ userId }) => userId) ?? '',
      path: pathOf(line),
    };
  });
  return { places, traces: ofTrace };
}

function idOf(session: NonNullable<TraceSession>): string | undefined {
  return session === 'several' ? undefined : session.id;
}

/** A node and those above it, upwards. */
function lineOf(node: SpanNode, bySpan: ReadonlyMap<string, SpanNode>): SpanNode[] {
  const line: SpanNode[] = [];
  const seen = new Set<SpanNode>();
  for (let at: SpanNode | undefined = node; at && !seen.has(at) && line.length < DEPTH_MAX; ) {
    line.push(at);
    seen.add(at);
    at = at.span.parentSpanId === '' ? undefined : bySpan.get(at.span.traceId + at.span.parentSpanId);
  }
  return line;
}

function pathOf(line: readonly SpanNode[]): string {
  const [own] = line;
  if (own!.context.sessionPath !== '') return own!.context.sessionPath;
  const names: string[] = [];
  let base = '';
  for (const { span, kind, context } of line) {
    if (context.sessionPath !== '') {
      base = context.sessionPath;
      break;
    }
    if (kind !== 'none') names.unshift(segment(span.name));
  }
  if (base === '') names.unshift(...entityPath(line.at(-1)!.span));
  let path = base.replace(/\/+$/, '');
  for (const name of names) {
    if (path.length + name.length >= PATH_CHARS_MAX) break;
    path += `/${name}`;
  }
  return path;
}

/** OpenLLMetry names the functions above a span on the span itself, also those that come in a later export. */
function entityPath({ attributes, parentSpanId }: Span): string[] {
  if (parentSpanId === '') return [];
  const workflow = attributes.get('traceloop.workflow.name');
  const path = attributes.get('traceloop.entity.path');
  const names = typeof path === 'string' && path !== '' ? path.split('.') : [];
  if (typeof workflow === 'string' && workflow !== '') names.unshift(workflow);
  return names.slice(0, DEPTH_MAX).map(segment);
}

/** A slash in a name would be a level of its own. */
function segment(name: string): string {
  return name.replaceAll('/', '-') || '-';
}
