import type { CapturedBody, NewRequestEvent } from './request-event.ts';

const SHORTENED_BYTES = 64 * 1024;

/** Whether `shortened` makes it shorter. */
export function isLong({ request_body, response_body }: NewRequestEvent): boolean {
  return request_body.bytes.length > SHORTENED_BYTES || response_body.bytes.length > SHORTENED_BYTES;
}

/** The same call with the beginnings of its bodies, which say so: for a log that does not take all of them. */
export function shortened(event: NewRequestEvent): NewRequestEvent {
  const { request_body, response_body } = event;
  return { ...event, request_body: beginningOf(request_body), response_body: beginningOf(response_body) };
}

function beginningOf(body: CapturedBody): CapturedBody {
  if (body.bytes.length <= SHORTENED_BYTES) return body;
  return { ...body, bytes: body.bytes.subarray(0, SHORTENED_BYTES), truncated: true };
}
