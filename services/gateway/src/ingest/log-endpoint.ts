import type { IncomingMessage, ServerResponse } from 'node:http';
import { LOG_BYTES_MAX } from '@throughline/contracts/api/log';
import { ApiError } from '@throughline/contracts/errors';
import { toApiError } from '@throughline/http/error-handler';
import { checkHeaderCount, checkPropertyCount } from '../limits/header-limits.ts';
import { answerInvalid, answerLogError, answerLogged } from './ingest-answers.ts';
import type { IngestDeps } from './ingest-deps.ts';
import type { IngestEndpoint } from './ingest-endpoint.ts';
import { loggedEvent } from './logged-event.ts';
import { type LogMistake, readLog } from './read-log.ts';
import { receiveBody } from './receive-body.ts';

/** Takes one finished call: it is in the log before the 200. */
export async function handleLog(
  deps: IngestDeps,
  endpoint: IngestEndpoint,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { form } = endpoint;
  try {
    const requestId = await takeLog(deps, endpoint, req);
    if (requestId === undefined) return;
    deps.metrics.logged('log', 'recorded');
    answerLogged(res, requestId);
  } catch (thrown) {
    if (thrown instanceof InvalidTypedLog) return answerInvalid(res, thrown.mistakes);
    const error = toApiError(thrown);
    if (error.code === 'internal') deps.logger.error({ err: thrown, id: error.extra.id }, 'a log call failed');
    deps.metrics.logged('log', error.code === 'log-refused' ? 'log-refused' : 'invalid');
    answerLogError(res, form, error);
  }
}

/** @returns the id under which the call is in the log; undefined when whoever sent it has left. */
async function takeLog(deps: IngestDeps, endpoint: IngestEndpoint, req: IncomingMessage): Promise<string | undefined> {
  const { clock, config, recorder } = deps;
  const { form } = endpoint;
  checkHeaderCount(req.rawHeaders, config);
  const admission = await deps.admitLog(req.headers, form);
  // The wire contract's order, 3.3: only a worker's endpoint looks at the body before the key.
  const refusal = admission.refusal;
  if (refusal && form !== 'worker') throw refusal;
  const bytes = await receiveBody(req, {
    bytesMax: LOG_BYTES_MAX,
    tooLarge: () => new ApiError(form === 'worker' ? 'payload-too-large' : 'body-too-large', { limit: LOG_BYTES_MAX }),
    idleTimeoutMs: config.uploadIdleTimeoutMs,
    budget: refusal ? deps.strangersBudget : deps.budget,
  });
  if (bytes === undefined) return undefined;
  if (refusal?.code === 'unauthorized') throw refusal;
  const body = parseJson(bytes, form === 'worker');
  const nowMs = clock.now();
  const read = readLog({ endpoint, rawHeaders: req.rawHeaders, body, bytes, nowMs }, config);
  if (read.mistakes) throw refused(endpoint, read.mistakes, read.isWellShaped);
  if (refusal) throw refusal;
  checkPropertyCount(read.facts.properties, config);
  const { tenantId, unreadKey } = admission;
  const event = loggedEvent(tenantId ?? '', recorder.newEventId(tenantId, read.facts.session, nowMs), read.facts);
  if (await recorder.record(event, unreadKey, read.omits)) throw new ApiError('log-refused');
  return event.request_id;
}

function parseJson(bytes: Buffer, isLenient: boolean): unknown {
  try {
    return JSON.parse(bytes.toString().replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    // Wire contract 3.3: as if it were empty, so that the shape is what is wrong.
    if (isLenient) return {};
    throw new ApiError('malformed-json', { reason: (cause as Error).message }, { cause });
  }
}

/** Mistakes of a call to the typed endpoint, whose shape is right. */
class InvalidTypedLog extends Error {
  readonly mistakes: readonly LogMistake[];

  constructor(mistakes: readonly LogMistake[]) {
    super('the log is not valid');
    this.mistakes = mistakes;
  }
}

/** Named in one answer; the first is what a caller mends first. */
const MISTAKES_MAX = 50;

function refused({ form }: IngestEndpoint, mistakes: readonly LogMistake[], isWellShaped: boolean): Error {
  const { field, message } = mistakes[0]!;
  if (form === 'typed' && isWellShaped) return new InvalidTypedLog(mistakes);
  if (form === 'worker' || isWellShaped) return new ApiError('invalid-log', { reason: `${field} ${message}` });
  const details = Object.fromEntries(
    mistakes.slice(0, MISTAKES_MAX).map((mistake) => [`requestBody.${mistake.field}`, { message: mistake.message }]),
  );
  return new ApiError('invalid-body', {}, { extra: { details } });
}
