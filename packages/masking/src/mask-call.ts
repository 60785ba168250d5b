import type { CallReading, NewRequestEvent } from '@throughline/contracts/request-event';
import { callOf, type ReadEvent } from '@throughline/providers/call-of-event';
import { toCallReading } from '@throughline/providers/call-reading';
import { readCall } from '@throughline/providers/read-call';
import { maskBody } from './mask-body.ts';
import { maskReading } from './mask-reading.ts';
import type { MaskingRules } from './masking-rules.ts';

export interface MaskOutcome {
  readonly request_body: NewRequestEvent['request_body'];
  readonly response_body: NewRequestEvent['response_body'];
  /** Left out where nothing was masked, so that what is stored reads the same, and of a call that was read before. */
  readonly reading?: CallReading;
}

/**
 * Masks both bodies of a call, and reads before what they said: usage, model, error.
 *
 * @param known `isChanged`: other fields that are read have been masked already, so that the reading is wanted in any case.
 *   `isRead`: it is there.
 */
export function maskCall(
  call: ReadEvent,
  rules: MaskingRules,
  bytesMax: number,
  { isChanged, isRead }: { readonly isChanged: boolean; readonly isRead: boolean },
): MaskOutcome {
  const isCut = call.abort_reason !== '';
  const request_body = maskBody(call.request_body, rules, { isAnswer: false, isCut, bytesMax });
  const response_body = maskBody(call.response_body, rules, { isAnswer: true, isCut, bytesMax });
  const isSame = !isChanged && request_body === call.request_body && response_body === call.response_body;
  if (isRead || isSame) return { request_body, response_body };
  return { request_body, response_body, reading: maskReading(toCallReading(readCall(callOf(call))), rules) };
}
