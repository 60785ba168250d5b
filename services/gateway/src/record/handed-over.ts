import type { CapturedBody, NewRequestEvent } from '@throughline/contracts/request-event';
import type { ReadEvent } from '@throughline/providers/call-of-event';

/** What is read of an event, for a thread, with what is handed over to it: bytes of its own, since those of a call are parts of larger buffers. */
export function handedOver(event: NewRequestEvent): { readonly call: ReadEvent; readonly transfer: ArrayBuffer[] } {
  const request_body = copied(event.request_body);
  const response_body = copied(event.response_body);
  return {
    call: {
      provider: event.provider,
      method: event.method,
      target_url: event.target_url,
      path: event.path,
      status: event.status,
      abort_reason: event.abort_reason,
      request_body,
      response_body,
      model_override: event.model_override,
      request_at: event.request_at,
      response_headers: event.response_headers,
      ...(event.logged && { logged: event.logged }),
    },
    transfer: [request_body.bytes.buffer, response_body.bytes.buffer],
  };
}

function copied(body: CapturedBody): CapturedBody & { readonly bytes: Uint8Array<ArrayBuffer> } {
  return { ...body, bytes: new Uint8Array(body.bytes) };
}
