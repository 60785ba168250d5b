import { setTimeout as sleep } from 'node:timers/promises';
import * as otel from '@opentelemetry/api';
import { defaultResource, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { TraceContext } from '@throughline/contracts/request-event';
import type { Logger } from './logger.ts';
import { createSeldom } from './seldom.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import { ATTRIBUTE_CHARS_MAX, type Attributes, LINKS_MAX, type Span, type SpanKind, type Tracer } from './tracer.ts';
import { FLUSH_MS_MAX, type Tracing, type TracingOptions } from './tracing.ts';

/**
 * The SDK, set up by the standard variables. Loaded by `tracing.ts` alone, and only when tracing is on. Once per thread:
 * it keeps its state in globals.
 */
export function startOpenTelemetry({ serviceName, serviceVersion, instanceId, logger, env }: TracingOptions): Tracing {
  const tell = () => sdkMessages(logger, env.OTEL_LOG_LEVEL);
  tell();
  const sdk = new NodeSDK({
    // Spans only: metrics are Prometheus's, logs go to stdout.
    metricReaders: [],
    logRecordProcessors: [],
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': serviceName,
        'service.version': serviceVersion,
        'service.instance.id': instanceId,
      }),
    ),
    // Command lines, user and host names leave this machine only when they are asked for.
    ...(!env.OTEL_NODE_RESOURCE_DETECTORS && { resourceDetectors: [envDetector] }),
  });
  // With OTEL_LOG_LEVEL the SDK has put a logger of its own in place, which writes to the console.
  tell();
  sdk.start();
  const close = async () => {
    const patience = new AbortController();
    const late = sleep(FLUSH_MS_MAX, false, { signal: patience.signal }).catch(() => false);
    const flushed = sdk.shutdown().then(
      () => true,
      () => false,
    );
    const isFlushed = await Promise.race([flushed, late]);
    // A timer left running would hold the process that ends.
    patience.abort();
    for (const one of [otel.trace, otel.logs, otel.context, otel.propagation, otel.diag]) one.disable();
    if (!isFlushed) logger.warn('the last spans could not be handed over');
    return isFlushed;
  };
  let closed: Promise<boolean> | undefined;
  return {
    isOn: true,
    tracer: (scope) => tracerOf(otel.trace.getTracer(scope, serviceVersion)),
    close() {
      closed ??= close();
      return closed;
    },
  };
}

function tracerOf(tracer: otel.Tracer): Tracer {
  return {
    isOn: true,
    start(name, { kind = 'internal', parent, attributes, links, startAt } = {}) {
      const options: otel.SpanOptions = { kind: KINDS[kind] };
      if (attributes) options.attributes = bounded(attributes);
      if (links) options.links = linksTo(links);
      if (startAt !== undefined) options.startTime = startAt;
      const continued = parent && spanContext(parent);
      const context = continued ? otel.trace.setSpanContext(otel.ROOT_CONTEXT, continued) : otel.ROOT_CONTEXT;
      return spanOf(tracer.startSpan(name, options, context));
    },
  };
}

function spanOf(span: otel.Span): Span {
  return {
    context: new LocalContext(span.spanContext()),
    isRecorded: span.isRecording(),
    set: (attributes) => void span.setAttributes(bounded(attributes)),
    fail(type) {
      span.setAttribute('error.type', type.slice(0, ATTRIBUTE_CHARS_MAX));
      span.setStatus({ code: otel.SpanStatusCode.ERROR });
    },
    end: (at) => span.end(at),
  };
}

const KINDS: Readonly<Record<SpanKind, otel.SpanKind>> = {
  internal: otel.SpanKind.INTERNAL,
  server: otel.SpanKind.SERVER,
  client: otel.SpanKind.CLIENT,
  producer: otel.SpanKind.PRODUCER,
  consumer: otel.SpanKind.CONSUMER,
};

/** A span's place as text, made when it is asked for; spans of the same process continue it as what it is. */
class LocalContext implements TraceContext {
  readonly sdk: otel.SpanContext;

  constructor(sdk: otel.SpanContext) {
    this.sdk = sdk;
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.sdk;
    return formatTraceparent({ traceId, spanId, isSampled: (traceFlags & otel.TraceFlags.SAMPLED) !== 0 });
  }

  get tracestate(): string {
    return this.sdk.traceState?.serialize() ?? '';
  }
}

function spanContext(context: TraceContext): otel.SpanContext | undefined {
  if (context instanceof LocalContext) return context.sdk;
  const { traceparent, tracestate } = context;
  const parsed = parseTraceparent(traceparent);
  if (!parsed) return undefined;
  const { traceId, spanId, isSampled } = parsed;
  return {
    traceId,
    spanId,
    traceFlags: isSampled ? otel.TraceFlags.SAMPLED : otel.TraceFlags.NONE,
    isRemote: true,
    ...(tracestate && { traceState: otel.createTraceState(tracestate) }),
  };
}

function linksTo(contexts: readonly TraceContext[]): otel.Link[] {
  const links: otel.Link[] = [];
  for (const one of contexts) {
    if (links.length === LINKS_MAX) break;
    const context = spanContext(one);
    if (context) links.push({ context });
  }
  return links;
}

function bounded(attributes: Attributes): otel.Attributes {
  const short: otel.Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    short[name] = typeof value === 'string' ? value.slice(0, ATTRIBUTE_CHARS_MAX) : value;
  }
  return short;
}

/** An unreachable collector fails every five seconds; whoever reads the log learns it once a minute. */
const WARN_EVERY_MS = 60_000;
const SENTENCE_CHARS_MAX = 500;

/** What the SDK has to say goes to our log. All it can lose is spans, so nothing of it is an error. */
function sdkMessages(logger: Logger, level: string | undefined): void {
  const isTimeToWarn = createSeldom(WARN_EVERY_MS);
  let unsaid = 0;
  const warn = (message: string) => {
    const reason = sentenceOf(message);
    if (!isTimeToWarn()) {
      unsaid++;
      return;
    }
    logger.warn({ reason, ...(unsaid > 0 && { unsaid }) }, 'tracing: spans may be lost');
    unsaid = 0;
  };
  const debug = (message: string) => logger.debug({ reason: sentenceOf(message) }, 'tracing');
  const asked = otel.DiagLogLevel[(level ?? '').trim().toUpperCase() as keyof typeof otel.DiagLogLevel];
  otel.diag.setLogger(
    { error: warn, warn, info: debug, debug, verbose: debug },
    { logLevel: asked ?? otel.DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** Without the stack: errors come as text that begins with their message, or as JSON of their properties. */
function sentenceOf(text: string): string {
  let said = text;
  if (text.startsWith('{')) {
    try {
      const { message } = JSON.parse(text) as { message?: unknown };
      if (typeof message === 'string') said = message;
    } catch {
      // Then it is a sentence after all.
    }
  }
  return said.split('\n', 1)[0]!.slice(0, SENTENCE_CHARS_MAX);
}
