import { asText } from '@throughline/providers/decode-body';
import { readCall } from '@throughline/providers/read-call';
import type { StoredBodies } from '../queries/read-bodies.ts';
import { type EditableObject, parseLossless, stringifyLossless } from './lossless-json.ts';
import { type BodyOverrides, changesBodies, overrideBody } from './override-body.ts';
import type { WorkStep } from './plan-replay.ts';
import { keyHeader, type ProviderKeys } from './provider-keys.ts';
import type { GatewayAnswer, GatewayCall, GatewayCaller } from './replay-ports.ts';
import { headerValue, providerHeaders, type ReplayedAs, recordingHeaders } from './step-headers.ts';
import type { Thread, ThreadedStep } from './thread/thread.ts';

type SentStep = Extract<WorkStep, { action: 'send' }>;

/** How a step went. */
export interface StepOutcome {
  /** Null where nothing was recorded. */
  readonly requestId: string | null;
  readonly status: number;
  /** Null where it succeeded. */
  readonly error: string | null;
  /** Picodollars; null where it is not known. */
  readonly costPico: bigint | null;
  readonly threaded: number;
  readonly kept: number;
  readonly replaced: number;
  /** As it was recorded, ms. Left out: as long as it took. */
  readonly latencyMs?: number;
  /** Code of the gateway's own refusal, before anything was sent; or `NOT_RECORDED`. */
  readonly refusal?: string | undefined;
}

export interface SendOptions {
  readonly gateway: GatewayCaller;
  /** Of Throughline, the caller's own. */
  readonly key: string;
  readonly keys: ProviderKeys;
  readonly as: ReplayedAs;
  readonly overrides: BodyOverrides;
  readonly thread: Thread | undefined;
  /** Epoch ms. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** Stands for a code: the key was taken back meanwhile, or the log is full. */
export const NOT_RECORDED = 'not-recorded';

/** Sends a recorded step once more and reads its answer to the end. Rejects where the gateway does not answer. */
export async function sendStep(step: SentStep, bodies: StoredBodies, options: SendOptions): Promise<StepOutcome> {
  const { target, step: recorded } = step;
  const { overrides, thread, signal, gateway } = options;
  const bytes = bodies.request.bytes!;
  const isText = bodies.request.encoding === 'utf8';
  const isChanged = changesBodies(overrides) || thread !== undefined;
  const request = isText && isChanged ? parseLossless(bytes.toString('utf8')) : undefined;
  let replaced = 0;
  let threaded: ThreadedStep | undefined;
  if (request) {
    threaded = thread?.begin(request, recorded.path);
    replaced = overrideBody(request, recorded.path, overrides);
  }
  const body = request ? Buffer.from(stringifyLossless(request)) : bytes;
  const answer = await gateway.call({ path: target.route, headers: headersOf(step, options), body, signal });
  const counts = { threaded: threaded?.threaded ?? 0, kept: threaded?.kept ?? 0, replaced };
  const text = asText(answer.body, answer.isTruncated);
  const refusal = refusalOf(answer, text);
  if (refusal) {
    const { code, message } = refusal;
    return { requestId: null, status: answer.status, error: message, costPico: 0n, ...counts, refusal: code };
  }
  const reading = readCall({
    provider: target.provider,
    targetUrl: target.sentTo + target.path,
    method: 'POST',
    path: target.path,
    status: answer.status,
    requestContentType: recorded.requestContentType,
    responseContentType: answer.headers.get('content-type') ?? '',
    requestText: isText ? body.toString('utf8') : undefined,
    responseText: text,
    requestBytes: body,
    responseBytes: answer.body,
    requestTruncated: false,
    responseTruncated: answer.isTruncated,
    modelOverride: '',
    requestAt: options.nowMs,
    responseHeaders: [...answer.headers],
  });
  const isError = answer.status >= 400 || reading.error !== null;
  const recordedAnswer = bodies.response.encoding === 'utf8' ? bodies.response.bytes?.toString('utf8') : undefined;
  if (!isError && text !== undefined && recordedAnswer !== undefined) threaded?.answered(recordedAnswer, text);
  const unrecorded = /^no(?:; *reason=(.*))?$/.exec(answer.headers.get('throughline-recorded') ?? '');
  if (unrecorded) {
    const error = `it was answered, and not recorded: ${unrecorded[1] ?? 'no'}`;
    return {
      requestId: null,
      status: answer.status,
      error,
      costPico: reading.costPico,
      ...counts,
      refusal: NOT_RECORDED,
    };
  }
  return {
    requestId: answer.headers.get('helicone-id') ?? null,
    status: answer.status,
    error: isError ? (reading.error?.message ?? `status ${answer.status}`) : null,
    costPico: reading.costPico,
    ...counts,
  };
}

function headersOf({ target, step }: SentStep, { key, keys, as }: SendOptions): GatewayCall['headers'] {
  const providerKey = keys.keyFor(target);
  const said = [...recordingHeaders(step, as), ...providerHeaders(step, target.provider === step.provider)];
  return [
    ['Helicone-Auth', `Bearer ${key}`],
    ...said.map(([name, value]) => [name, headerValue(value)] as const),
    ...(target.targetHeader === undefined ? [] : [['Helicone-Target-URL', target.targetHeader] as const]),
    ...(providerKey === undefined ? [] : [keyHeader(target, providerKey)]),
  ];
}

/** The gateway's own answer to a call that it did not send: it has no id, and says which error it is. */
function refusalOf(
  { headers }: GatewayAnswer,
  text: string | undefined,
): { code: string; message: string } | undefined {
  if (headers.has('helicone-id') || text === undefined) return undefined;
  const said: EditableObject | undefined = parseLossless(text);
  const code = said?.['helicone-error'];
  const message = said?.message;
  return typeof code === 'string' ? { code, message: typeof message === 'string' ? message : code } : undefined;
}
