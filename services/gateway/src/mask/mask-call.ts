import type { CallReading, NewRequestEvent } from '@throughline/contracts/request-event';
import { NAME_CHARS_MAX } from '@throughline/providers/bounded-text';
import { callOf, type ReadEvent } from '@throughline/providers/call-of-event';
import { toCallReading } from '@throughline/providers/call-reading';
import { readCall } from '@throughline/providers/read-call';
import { maskBody } from './mask-body.ts';
import { maskText } from './mask-text.ts';
import type { MaskingRules } from './masking-rules.ts';

export interface MaskOutcome {
  readonly request_body: NewRequestEvent['request_body'];
  readonly response_body: NewRequestEvent['response_body'];
  /** Left out where nothing was masked: what is stored reads the same. */
  readonly reading?: CallReading;
}

/**
 * Masks both bodies of a call, and reads before what they said: usage, model, error.
 *
 * @param isChanged other fields that are read have been masked already, so that the reading is wanted in any case.
 */
export function maskCall(call: ReadEvent, rules: MaskingRules, bytesMax: number, isChanged: boolean): MaskOutcome {
  const isCut = call.abort_reason !== '';
  const request_body = maskBody(call.request_body, rules, { isAnswer: false, isCut, bytesMax });
  const response_body = maskBody(call.response_body, rules, { isAnswer: true, isCut, bytesMax });
  if (!isChanged && request_body === call.request_body && response_body === call.response_body) {
    return { request_body, response_body };
  }
  return { request_body, response_body, reading: readingOf(call, rules) };
}

// Texts of readings are cut at this length or a longer one.
function readingOf(call: ReadEvent, rules: MaskingRules): CallReading {
  const mask = (text: string) => maskText(text, rules, text.length >= NAME_CHARS_MAX);
  const reading = toCallReading(readCall(callOf(call)), mask);
  return rules.leave.has('user') ? reading : { ...reading, body_user: mask(reading.body_user) };
}
