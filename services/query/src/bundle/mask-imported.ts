import type { CapturedBody, ImportedCall, NewRequestEvent } from '@throughline/contracts/request-event';
import type { BodyEncoding } from '@throughline/contracts/request-row';
import { maskBody } from '@throughline/masking/mask-body';
import { maskFields } from '@throughline/masking/mask-fields';
import { maskText } from '@throughline/masking/mask-text';
import type { MaskedField, MaskingRules } from '@throughline/masking/masking-rules';
import { DECODED_BYTES_MAX } from '@throughline/providers/decode-body';

/** An imported call as this instance may store it: what its rules name is masked, as in calls that it records. */
export function maskImported(event: NewRequestEvent, rules: MaskingRules): NewRequestEvent {
  const { imported } = event as NewRequestEvent & Required<Pick<NewRequestEvent, 'imported'>>;
  const fields = maskFields(event, rules);
  const isCut = event.abort_reason !== '';
  const context = { isCut, bytesMax: DECODED_BYTES_MAX };
  const request_body = maskBody(fields.request_body, rules, { ...context, isAnswer: false });
  const response_body = maskBody(fields.response_body, rules, { ...context, isAnswer: true });
  return {
    ...fields,
    request_body,
    response_body,
    imported: {
      ...imported,
      ...maskSaid(imported, rules),
      request_encoding: encodingOf(event.request_body, request_body, imported.request_encoding),
      response_encoding: encodingOf(event.response_body, response_body, imported.response_encoding),
    },
  };
}

function maskSaid({ scores, former_properties }: ImportedCall, rules: MaskingRules) {
  const mask = (field: MaskedField, text: string) => (rules.leave.has(field) ? text : maskText(text, rules));
  return {
    scores: scores.map(([name, value]): readonly [string, number] => [mask('properties', name), value]),
    former_properties: former_properties.map(([key, values]): readonly [string, readonly string[]] => [
      mask('properties', key),
      values.map((value) => mask('properties', value)),
    ]),
  };
}

/** What could not be looked into was left out. */
function encodingOf(before: CapturedBody, after: CapturedBody, encoding: BodyEncoding): BodyEncoding {
  return before.bytes.length > 0 && after.bytes.length === 0 ? 'missing' : encoding;
}
