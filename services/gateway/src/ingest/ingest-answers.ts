import type { ServerResponse } from 'node:http';
import type { ApiError } from '@throughline/contracts/errors';
import { errorBody } from '@throughline/http/error-handler';
import type { IngestForm } from './ingest-endpoint.ts';

/** The call is in the log under this id. */
export function answerLogged(res: ServerResponse, requestId: string): void {
  send(res, 200, TEXT, 'ok', ['Helicone-Id', requestId]);
}

/** What a log endpoint says when it takes nothing. Traces have answers of their own (`otlp/otlp-answers.ts`). */
export function answerLogError(res: ServerResponse, form: IngestForm, error: ApiError): void {
  if (form === 'worker' && PLAIN.has(error.code)) {
    send(res, error.status, TEXT, error.message);
    return;
  }
  const body = form === 'worker' ? { error: error.message } : errorBody(error);
  send(res, error.status, JSON_TYPE, JSON.stringify(body), retryAfter(error));
}

/** The mistakes in a body of the typed endpoint, by field. */
export function answerInvalid(res: ServerResponse, errors: readonly { field: string; message: string }[]): void {
  send(res, 400, JSON_TYPE, JSON.stringify({ isValid: false, errors }));
}

/** @param more header names and values, alternating. */
export function send(
  res: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  more: readonly string[] = [],
): void {
  // Whoever left before its body was read has no use for an answer.
  if (res.destroyed || res.headersSent) return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const headers = ['Content-Type', contentType, 'Content-Length', String(length), ...more];
  const { req } = res;
  if (!req.complete) {
    // What is still to come is read and thrown away: closed on a client that still writes, it would not see the answer.
    req.resume();
    if (status === 408) headers.push('Connection', 'close');
    else setTimeout(() => req.complete || req.destroy(), REST_MS).unref();
  }
  res.writeHead(status, headers);
  res.end(body);
}

/** Header names and values for an error that passes. */
export function retryAfter({ status }: ApiError): readonly string[] {
  return status === 503 ? ['Retry-After', '1'] : [];
}

/** In which the rest of a body that was refused may come. */
const REST_MS = 10_000;

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json';

/** Answered as bare text by those whose answers these are. */
const PLAIN: ReadonlySet<string> = new Set(['unauthorized', 'payload-too-large']);
