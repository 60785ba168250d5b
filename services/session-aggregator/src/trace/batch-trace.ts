import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { continuedTrace } from '@throughline/contracts/continued-trace';
import type { TraceContext } from '@throughline/contracts/request-event';
import type { RequestRow } from '@throughline/contracts/request-row';
import { parseTraceparent } from '@throughline/telemetry/traceparent';
import { type Attributes, errorType, inSpan, LINKS_MAX, type Span, type Tracer } from '@throughline/telemetry/tracer';
import type { DecidableEntry, DecidedBatch } from '../steps/decide-step.ts';

/** The spans of one batch, and of the calls in it. */
export interface BatchTrace {
  /** A part of the batch's work, as a span of its own. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Rows and totals are stored: every sampled call of the batch gets its span. */
  stored(batch: DecidedBatch): Promise<void>;
  /** Once, last of all. @param error why the batch was given up. */
  end(error?: unknown): void;
}

/**
 * One span for the batch, which is in a trace of its own because its calls come from many, with a child for each step and
 * links to the calls; and in each sampled call's own trace one that shows when the call became rows and totals.
 */
export function traceBatch(tracer: Tracer, partition: number, entries: readonly DecidableEntry[]): BatchTrace {
  return tracer.isOn ? new TracedBatch(tracer, partition, entries) : NO_BATCH_TRACE;
}

const NO_BATCH_TRACE: BatchTrace = { step: (_name, work) => work(), stored: async () => {}, end: () => {} };

interface SampledCall {
  readonly context: TraceContext;
  readonly offset: number;
  readonly eventId: string;
  readonly row: Omit<RequestRow, 'version'>;
}

/** Spans made between two turns of the event loop: a few milliseconds. */
const SPANS_PER_TURN = 250;

class TracedBatch implements BatchTrace {
  readonly #tracer: Tracer;
  readonly #partition: number;
  readonly #calls: readonly SampledCall[];
  readonly #startedAt = Date.now();
  readonly #span: Span;

  constructor(tracer: Tracer, partition: number, entries: readonly DecidableEntry[]) {
    this.#tracer = tracer;
    this.#partition = partition;
    this.#calls = sampledCalls(entries);
    this.#span = tracer.start('throughline.batch', {
      kind: 'consumer',
      links: this.#calls.slice(0, LINKS_MAX).map(({ context }) => context),
      startAt: this.#startedAt,
      attributes: {
        'messaging.operation.type': 'process',
        'messaging.batch.message_count': entries.length,
        'messaging.destination.partition.id': String(partition),
        'throughline.batch.sampled_calls': this.#calls.length,
      },
    });
  }

  step<T>(name: string, work: () => Promise<T>): Promise<T> {
    return inSpan(this.#tracer, `throughline.${name}`, { parent: this.#span.context }, work);
  }

  async stored({ exceptions }: DecidedBatch): Promise<void> {
    const storedAt = Date.now();
    const exceptional = new Map(exceptions.map(({ source_offset, kind }) => [source_offset, kind]));
    let made = 0;
    for (const { context, offset, eventId, row } of this.#calls) {
      const outcome = exceptional.get(offset) ?? 'stored';
      this.#tracer
        .start('throughline.store', {
          kind: 'consumer',
          parent: context,
          links: [this.#span.context],
          startAt: this.#startedAt,
          attributes: {
            'messaging.operation.type': 'process',
            'messaging.destination.partition.id': String(this.#partition),
            'throughline.offset': offset,
            'throughline.event.id': eventId,
            'throughline.outcome': outcome,
            ...(outcome === 'stored' && whatItWas(row)),
          },
        })
        .end(storedAt);
      if (++made % SPANS_PER_TURN === 0) await yieldToLoop();
    }
  }

  end(error?: unknown): void {
    if (error !== undefined) this.#span.fail(errorType(error));
    this.#span.end();
  }
}

function sampledCalls(entries: readonly DecidableEntry[]): SampledCall[] {
  const calls: SampledCall[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'request') continue;
    const context = continuedTrace(entry.trace);
    if (!parseTraceparent(context.traceparent)?.isSampled) continue;
    calls.push({ context, offset: entry.offset, eventId: entry.origin.eventId, row: entry.built.row });
  }
  return calls;
}

/** What only the reader of the bodies knows, in the words of the conventions for generative AI. */
function whatItWas(row: Omit<RequestRow, 'version'>): Attributes {
  return {
    ...(row.request_model && { 'gen_ai.request.model': row.request_model }),
    ...(row.response_model && { 'gen_ai.response.model': row.response_model }),
    ...(row.prompt_tokens !== null && { 'gen_ai.usage.input_tokens': inputTokens(row, row.prompt_tokens) }),
    ...(row.completion_tokens !== null && { 'gen_ai.usage.output_tokens': outputTokens(row, row.completion_tokens) }),
    ...(row.cost_pico !== null && { 'throughline.cost_usd': Number(row.cost_pico) / 1e12 }),
  };
}

/** The conventions count everything that was sent, ours by kind. */
function inputTokens(row: Omit<RequestRow, 'version'>, plain: number): number {
  return plain + row.prompt_cache_read_tokens + row.prompt_cache_write_tokens + row.prompt_audio_tokens;
}

function outputTokens(row: Omit<RequestRow, 'version'>, plain: number): number {
  return plain + row.reasoning_tokens + row.completion_audio_tokens;
}
