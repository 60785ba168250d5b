import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { callOf } from '@throughline/providers/call-of-event';
import { readRequest } from '@throughline/providers/read-request';
import { readResponse } from '@throughline/providers/read-response';

/** An answer larger than this is not searched for an error: that takes too long where all calls pass. */
const SEARCHED_BYTES_MAX = 1024 * 1024;

/** Whether what the client got is a provider's whole answer and no error, so that it may be given to others. */
export function isWholeAnswer(event: NewRequestEvent): boolean {
  const { status, abort_reason, response_body: body, method } = event;
  const isWhole = abort_reason === '' && !body.truncated && body.stored === undefined && method !== 'HEAD';
  if (!isWhole || status < 200 || status > 299 || status === PARTIAL) return false;
  // Plain answers of this size are no errors; a stream may have one at its end.
  if (body.size > SEARCHED_BYTES_MAX) return !EVENT_STREAM.test(body.content_type);
  const call = callOf(event);
  const path = event.path.split('?', 1)[0]!;
  const { error, ended, streamed } = readResponse(call, path, readRequest(call).stream);
  return error === null && (ended || !streamed) && !call.responseTruncated;
}

const PARTIAL = 206;
const EVENT_STREAM = /^(?:text\/event-stream|application\/vnd\.amazon\.eventstream)/i;
