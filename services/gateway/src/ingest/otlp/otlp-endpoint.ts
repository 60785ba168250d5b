import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { ApiError } from '@throughline/contracts/errors';
import { toApiError } from '@throughline/http/error-handler';
import { checkHeaderCount } from '../../limits/header-limits.ts';
import { CallHeaders } from '../../request/call-headers.ts';
import type { IngestDeps } from '../ingest-deps.ts';
import type { LogAdmission } from '../log-admission.ts';
import { loggedEvent } from '../logged-event.ts';
import { receiveBody } from '../receive-body.ts';
import { decodeJsonTraces, decodeProtobufTraces } from './decode-traces.ts';
import { answerTraceError, answerTraces, type OtlpEncoding } from './otlp-answers.ts';
import { type ReadSpans, readSpans } from './read-spans.ts';
import { readSpanBatch } from './span-log.ts';

/** Of one export, as sent and decompressed: what collectors accept by default. */
export const TRACE_BYTES_MAX = 20 * 1024 * 1024;

/** Spans that are made into events before others have their turn: a few milliseconds' work. */
const SPANS_PER_TURN = 128;

/** Takes one export of spans: each that tells of a step is in the log before the 200. */
export async function handleTraces(deps: IngestDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  let encoding = announcedEncoding(req);
  try {
    checkHeaderCount(req.rawHeaders, deps.config);
    const admission = await deps.admitLog(req.headers, 'otlp');
    if (admission.refusal) throw admission.refusal;
    const body = await receiveBody(req, {
      bytesMax: TRACE_BYTES_MAX,
      tooLarge: () => new ApiError('body-too-large', { limit: TRACE_BYTES_MAX }),
      idleTimeoutMs: deps.config.uploadIdleTimeoutMs,
      budget: deps.budget,
    });
    if (body === undefined) return;
    encoding ??= body[0] === OPEN_BRACE ? 'json' : 'protobuf';
    const read = decode(body, encoding);
    const { refused, recorded } = await record(deps, admission, new CallHeaders(req.rawHeaders), read);
    // Sent again, an export is the same steps again: as long as nothing of it is in the log it had better be.
    if (refused > 0 && recorded === 0) throw new ApiError('log-refused');
    const reason = refused > 0 ? 'the event log has no room' : read.reason;
    answerTraces(res, encoding, read.rejected + refused, reason);
    deps.metrics.logged('otlp', 'invalid', read.rejected);
  } catch (thrown) {
    const error = toApiError(thrown);
    if (error.code === 'internal') deps.logger.error({ err: thrown, id: error.extra.id }, 'an export of spans failed');
    if (error.code !== 'log-refused') deps.metrics.logged('otlp', 'invalid');
    answerTraceError(res, encoding ?? 'json', error);
  }
}

const OPEN_BRACE = 0x7b;

function announcedEncoding({ headers }: IncomingMessage): OtlpEncoding | undefined {
  const type = headers['content-type'] ?? '';
  if (/json/i.test(type)) return 'json';
  return /protobuf/i.test(type) ? 'protobuf' : undefined;
}

function decode(body: Buffer, encoding: OtlpEncoding): ReadSpans {
  try {
    return readSpans(encoding === 'json' ? decodeJsonTraces(body) : decodeProtobufTraces(body));
  } catch (cause) {
    throw new ApiError('invalid-trace', { reason: (cause as Error).message.slice(0, 200) }, { cause });
  }
}

async function record(
  { clock, config, recorder, metrics, traceSessions }: IngestDeps,
  { tenantId, unreadKey }: LogAdmission,
  headers: CallHeaders,
  { spans }: ReadSpans,
): Promise<{ refused: number; recorded: number }> {
  const owner = tenantId ?? unreadKey ?? '';
  const batch = readSpanBatch(spans, headers, config, (traceId) => traceSessions.of(owner, traceId));
  for (const [traceId, session] of batch.traces) traceSessions.note(owner, traceId, session);
  let refused = 0;
  let recorded = 0;
  for (let from = 0; from < batch.size; from += SPANS_PER_TURN) {
    if (from > 0) await setImmediate();
    const appends: Promise<string | undefined>[] = [];
    for (let at = from; at < Math.min(from + SPANS_PER_TURN, batch.size); at++) {
      const step = batch.step(at);
      if (!step) continue;
      const eventId = recorder.newEventId(tenantId, step.session, clock.now());
      appends.push(recorder.record(loggedEvent(tenantId ?? '', eventId, step), unreadKey, headers.omits));
    }
    // One turn's events share a write.
    for (const refusal of await Promise.all(appends)) refusal === undefined ? recorded++ : refused++;
  }
  metrics.logged('otlp', 'recorded', recorded);
  if (refused > 0) metrics.logged('otlp', 'log-refused', refused);
  metrics.logged('otlp', 'passed-over', batch.size - recorded - refused);
  return { refused, recorded };
}
