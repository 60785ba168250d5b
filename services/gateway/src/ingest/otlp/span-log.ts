import type { EventSession, SessionRule } from '@throughline/contracts/request-event';
import { callProperties } from '../../record/build-event.ts';
import type { CallHeaders } from '../../request/call-headers.ts';
import { bodyOf, type LoggedFacts } from '../logged-event.ts';
import type { AttributeValue } from './attribute-value.ts';
import type { Span } from './read-spans.ts';
import { spanBodies } from './span-bodies.ts';
import { spanContext } from './span-context.ts';
import { SpanFacts } from './span-facts.ts';
import { spanKind } from './span-kind.ts';
import { spanProvider } from './span-provider.ts';
import { placeSpans, type SpanNode, type SpanPlace } from './span-tree.ts';
import { spanCost } from './span-usage.ts';
import type { TraceSession } from './trace-sessions.ts';

export interface SpanLogConfig {
  readonly sessionRules: readonly SessionRule[];
  readonly captureBytesMax: number;
}

/** Spans that came together, read as far as others among them matter. */
export interface SpanBatch {
  readonly size: number;
  /** The sessions that its traces are known to be of, by their ids. */
  readonly traces: ReadonlyMap<string, NonNullable<TraceSession>>;
  /** The step that span number `at` tells of; undefined when it tells of none. */
  step(at: number): LoggedFacts | undefined;
}

/**
 * @param headers of the call that brought the spans: what they say holds for spans that say nothing else.
 * @param known what spans that came before have named of a trace.
 */
export function readSpanBatch(
  spans: readonly Span[],
  headers: CallHeaders,
  config: SpanLogConfig,
  known?: (traceId: string) => TraceSession,
): SpanBatch {
  const rules = config.sessionRules;
  const resources = new Map<ReadonlyMap<string, AttributeValue>, ReturnType<typeof spanContext>>();
  const resourceContext = (resource: Span['resource']) => {
    let context = resources.get(resource);
    if (!context) {
      context = spanContext(new SpanFacts(resource), rules);
      resources.set(resource, context);
    }
    return context;
  };
  const facts = spans.map(({ attributes }) => new SpanFacts(attributes));
  const nodes: SpanNode[] = spans.map((span, at) => {
    const context = spanContext(facts[at]!, rules);
    const kind = spanKind(span, facts[at]!);
    // Whoever names a session on a span means it to be a step of it.
    return { span, context, kind: kind === 'none' && context.session ? 'data' : kind };
  });
  const { places, traces } = placeSpans(nodes, known);
  const fromHeaders = headers.session(rules);
  return {
    size: spans.length,
    traces,
    step(at) {
      const { span, kind, context } = nodes[at]!;
      if (kind === 'none') return undefined;
      const place = places[at]!;
      const ofProcess = resourceContext(span.resource);
      const session = eventSession(place, ofProcess.session, fromHeaders, headers);
      const provider = kind === 'llm' || kind === 'embedding' ? spanProvider(facts[at]!) : 'CUSTOM';
      const cost = spanCost(facts[at]!);
      const firstByteAt = firstByte(span, facts[at]!);
      const status = statusOf(span, facts[at]!);
      const url = urlOf(facts[at]!);
      const { request, response } = spanBodies(span, facts[at]!, kind);
      return {
        session,
        userId: place.userId || ofProcess.userId || headers.userId,
        properties: [...callProperties(headers, session), ...context.properties],
        provider,
        url,
        method: 'POST',
        requestId: requestIdOf(span),
        requestAt: span.startAt,
        firstByteAt,
        responseAt: span.endAt,
        status,
        requestBody: bodyOf(JSON.stringify(request), 'application/json', config.captureBytesMax),
        responseBody: bodyOf(JSON.stringify(response), 'application/json', config.captureBytesMax),
        responseHeaders: [],
        trace: {
          traceparent: span.parentSpanId === '' ? '' : `00-${span.traceId}-${span.parentSpanId}-01`,
          tracestate: span.traceState.slice(0, TRACE_STATE_CHARS_MAX),
          span: `00-${span.traceId}-${span.spanId}-01`,
        },
        modelOverride: context.modelOverride || headers.modelOverride,
        logged: { by: 'otlp', cost_usd: cost },
      };
    },
  };
}

/** As W3C bounds it. */
const TRACE_STATE_CHARS_MAX = 512;

function eventSession(
  place: SpanPlace,
  ofProcess: SpanPlace['session'],
  fromHeaders: EventSession | null,
  headers: CallHeaders,
): EventSession | null {
  const named = place.session ?? ofProcess ?? fromHeaders;
  if (!named) return null;
  return { id: named.id, name: place.sessionName || headers.sessionName, path: place.path, rule: named.rule };
}

/**
 * The id of a span's step: made of the span's own, so that an export that is sent again is the same steps again. 62 of the
 * 64 bits of the span's id are in it and 60 of its trace's, in the free bits of a UUIDv8.
 */
function requestIdOf({ traceId, spanId }: Span): string {
  const variant = ((Number.parseInt(spanId[0]!, 16) & 3) | 8).toString(16);
  return `${traceId.slice(0, 8)}-${traceId.slice(8, 12)}-8${traceId.slice(12, 15)}-${variant}${spanId.slice(1, 4)}-${spanId.slice(4)}`;
}

function statusOf(span: Span, facts: SpanFacts): number {
  const http = facts.number('http.response.status_code', 'http.status_code');
  if (!span.isError) return 200;
  return http !== undefined && http >= 400 && http <= 599 ? Math.trunc(http) : 500;
}

function urlOf(facts: SpanFacts): string {
  const url = facts.text('url.full', 'http.url');
  if (url !== '') return url;
  const host = facts.text('server.address');
  const port = facts.number('server.port');
  if (host === '') return 'otlp';
  return `https://${host}${port === undefined || port === 443 ? '' : `:${port}`}/`;
}

/** When a stream's first part was there, by an attribute or an event of that name. */
function firstByte(span: Span, facts: SpanFacts): number | null {
  const ms = facts.number('ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk');
  if (ms !== undefined && ms >= 0) return span.startAt + ms;
  const seconds = facts.number('gen_ai.response.time_to_first_chunk', 'gen_ai.server.time_to_first_token');
  if (seconds !== undefined && seconds >= 0) return span.startAt + seconds * 1_000;
  const event = span.events.find(({ name }) => FIRST_EVENTS.has(name));
  return event && event.at >= span.startAt ? event.at : null;
}

const FIRST_EVENTS: ReadonlySet<string> = new Set([
  'ai.stream.firstChunk',
  'First Token Stream Event',
  'gen_ai.content.completion.chunk',
  'llm.content.completion.chunk',
]);
