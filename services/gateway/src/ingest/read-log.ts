import { logBody, traceLogBody, typedLogBody } from '@throughline/contracts/api/log';
import type { OmittedBodies } from '@throughline/contracts/omitted-bodies';
import type { Pairs, SessionRule } from '@throughline/contracts/request-event';
import type { z } from 'zod';
import { readResponseHeaders } from '../proxy/response-headers.ts';
import { callProperties } from '../record/build-event.ts';
import type { IngestEndpoint } from './ingest-endpoint.ts';
import { logHeaders } from './log-headers.ts';
import { logTimes } from './log-times.ts';
import { bodyOf, type LoggedFacts, wholeStatus } from './logged-event.ts';
import { loggedJson } from './logged-json.ts';
import { loggedProvider } from './logged-provider.ts';
import { sniffText } from './sniff-text.ts';

export interface LogCall {
  readonly endpoint: IngestEndpoint;
  readonly rawHeaders: readonly string[];
  /** As parsed from `bytes`. */
  readonly body: unknown;
  /** The call's body as sent. */
  readonly bytes: Buffer;
  readonly nowMs: number;
}

export interface ReadLogConfig {
  readonly sessionRules: readonly SessionRule[];
  readonly captureBytesMax: number;
}

/** A mistake in the body of a log call: where, and what. */
export interface LogMistake {
  readonly field: string;
  readonly message: string;
}

export type ReadLog =
  | { readonly facts: LoggedFacts; readonly omits: OmittedBodies | undefined; readonly mistakes?: undefined }
  | {
      readonly facts?: undefined;
      readonly mistakes: readonly LogMistake[];
      /** The body has the right shape: what it says cannot be. */
      readonly isWellShaped: boolean;
    };

/** What the body of a log call tells of the call that it logs. */
export function readLog({ endpoint, rawHeaders, body, bytes, nowMs }: LogCall, config: ReadLogConfig): ReadLog {
  const parsed = SCHEMAS[endpoint.form === 'worker' || endpoint.form === 'typed' ? endpoint.form : 'api'](body);
  if (!parsed.success) return { mistakes: parsed.error.issues.map(mistakeOf), isWellShaped: false };
  const { providerRequest, providerResponse, timing, provider } = parsed.data;
  const invalid = (field: string, message: string): ReadLog => ({
    mistakes: [{ field, message }],
    isWellShaped: true,
  });
  if (providerResponse.json === undefined && !providerResponse.textBody) {
    return invalid('providerResponse', 'json or textBody is required');
  }
  const times = logTimes(timing, nowMs, endpoint.form === 'worker' ? UNTIMED_MS : 0);
  if (typeof times === 'string') return invalid('timing', times);
  const headers = logHeaders(rawHeaders, providerRequest.meta);
  if (!headers) return invalid('providerRequest.meta', 'is longer than headers may be');
  const session = headers.session(config.sessionRules);
  const parts = loggedJson(bytes);
  const { textBody } = providerResponse;
  return {
    omits: headers.omits,
    facts: {
      ...times,
      session,
      userId: headers.userId,
      properties: callProperties(headers, session),
      provider: (endpoint.isNamedByBody && loggedProvider(provider)) || endpoint.provider,
      url: providerRequest.url,
      method: 'POST',
      requestId: headers.requestId,
      status: wholeStatus(providerResponse.status),
      requestBody: bodyOf(parts.request, 'application/json', config.captureBytesMax),
      responseBody: textBody
        ? bodyOf(textBody, sniffText(textBody), config.captureBytesMax)
        : bodyOf(parts.response, 'application/json', config.captureBytesMax),
      responseHeaders: storedHeaders(providerResponse.headers),
      trace: { traceparent: headers.traceparent, tracestate: headers.tracestate },
      modelOverride: headers.modelOverride,
      webhook: headers.webhook,
      logged: { by: 'log', cost_usd: providerResponse.cost ?? null },
    },
  };
}

const SCHEMAS = {
  worker: (body: unknown) => logBody.safeParse(body, { reportInput: true }),
  api: (body: unknown) => traceLogBody.safeParse(body, { reportInput: true }),
  typed: (body: unknown) => typedLogBody.safeParse(body, { reportInput: true }),
};

/** Wire contract 3.2: without times, a call that is logged at a worker's endpoint took a second. */
const UNTIMED_MS = 1_000;

function mistakeOf(issue: z.core.$ZodIssue): LogMistake {
  const isMissing = issue.input === undefined && issue.path.length > 0;
  return { field: issue.path.join('.') || 'body', message: isMissing ? 'is required' : issue.message };
}

/** Those of the allow-list: clients put their own headers here as well, keys among them. */
function storedHeaders(headers: Readonly<Record<string, unknown>> | null | undefined): Pairs {
  if (!headers) return [];
  const raw: string[] = [];
  for (const name of Object.keys(headers).slice(0, HEADERS_MAX)) {
    const value = headers[name];
    if (typeof value === 'string') raw.push(name, value.slice(0, HEADER_CHARS_MAX));
  }
  return readResponseHeaders(raw, {}).stored;
}

/** More than any provider sends. */
const HEADERS_MAX = 200;
const HEADER_CHARS_MAX = 8_192;
