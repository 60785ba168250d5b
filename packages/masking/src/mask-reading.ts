import type { CallReading } from '@throughline/contracts/request-event';
import { NAME_CHARS_MAX } from '@throughline/providers/bounded-text';
import { maskText } from './mask-text.ts';
import type { MaskingRules } from './masking-rules.ts';

/** What a call said, its texts masked. */
export function maskReading(reading: CallReading, rules: MaskingRules): CallReading {
  // Texts of readings are cut at this length or a longer one.
  const mask = (text: string) => maskText(text, rules, text.length >= NAME_CHARS_MAX);
  const { error } = reading;
  return {
    ...reading,
    model: mask(reading.model),
    request_model: mask(reading.request_model),
    response_model: mask(reading.response_model),
    body_user: rules.leave.has('user') ? reading.body_user : mask(reading.body_user),
    finish_reason: mask(reading.finish_reason),
    error: error && { type: mask(error.type), message: mask(error.message) },
  };
}
