import { namedAnew } from '@throughline/contracts/omitted-bodies';
import type { NewRequestEvent, Pairs } from '@throughline/contracts/request-event';
import { maskReading } from './mask-reading.ts';
import { maskText } from './mask-text.ts';
import type { MaskedField, MaskingRules } from './masking-rules.ts';

/**
 * An event with its fields masked, bodies apart; the event itself where there is nothing to mask. What tells events and
 * sessions apart (their ids, those of traces) is kept as it came.
 */
export function maskFields(event: NewRequestEvent, rules: MaskingRules): NewRequestEvent {
  const mask = (field: MaskedField, text: string) =>
    rules.leave.has(field) ? text : maskText(text, rules, CUT_AT.has(text.length));
  const { session } = event;
  const reading = event.reading && maskReading(event.reading, rules);
  const { request_body, response_body } = reading ? namedAnew(event, reading) : event;
  const masked: NewRequestEvent = {
    ...event,
    session: session && { ...session, name: mask('session', session.name), path: mask('session', session.path) },
    user_id: mask('user', event.user_id),
    properties: maskPairs(event.properties, (text) => mask('properties', text)),
    provider: maskProvider(event.provider, rules),
    target_url: mask('url', event.target_url),
    path: mask('url', event.path),
    ...(event.attempts && {
      attempts: event.attempts.map((attempt) => ({ ...attempt, target: mask('url', attempt.target) })),
    }),
    request_headers: maskPairs(event.request_headers, (text) => mask('headers', text)),
    response_headers: maskPairs(event.response_headers, (text) => mask('headers', text)),
    request_body: { ...request_body, content_type: mask('headers', request_body.content_type) },
    response_body: { ...response_body, content_type: mask('headers', response_body.content_type) },
    model_override: mask('headers', event.model_override),
    trace: { ...event.trace, tracestate: mask('headers', event.trace.tracestate) },
    ...(reading && { reading }),
  };
  return !reading && isSame(event, masked) ? event : masked;
}

/** Whoever logs a call may name any; it is stored in capitals. */
function maskProvider(provider: string, rules: MaskingRules): string {
  if (rules.leave.has('url')) return provider;
  return maskText(provider, { ...rules, literals: rules.literals.map((literal) => literal.toUpperCase()) });
}

/** Where log endpoints cut texts, in characters: what is as long may go on. */
const CUT_AT: ReadonlySet<number> = new Set([1_024, 8_192, 16_384]);

function maskPairs(pairs: Pairs, mask: (text: string) => string): Pairs {
  const masked = pairs.map(([name, value]): readonly [string, string] => [mask(name), mask(value)]);
  const isChanged = masked.some(([name, value], at) => name !== pairs[at]![0] || value !== pairs[at]![1]);
  return isChanged ? masked : pairs;
}

function isSame(a: NewRequestEvent, b: NewRequestEvent): boolean {
  return (
    readsSame(a, b) &&
    a.user_id === b.user_id &&
    (a.attempts ?? []).every(({ target }, at) => target === b.attempts![at]!.target) &&
    a.properties === b.properties &&
    a.request_headers === b.request_headers &&
    a.trace.tracestate === b.trace.tracestate &&
    a.session?.name === b.session?.name &&
    a.session?.path === b.session?.path
  );
}

/** Whether fields that say what a call was and cost are the same, bodies apart. */
export function readsSame(a: NewRequestEvent, b: NewRequestEvent): boolean {
  return (
    a.provider === b.provider &&
    a.target_url === b.target_url &&
    a.path === b.path &&
    a.model_override === b.model_override &&
    a.response_headers === b.response_headers &&
    a.request_body.content_type === b.request_body.content_type &&
    a.response_body.content_type === b.response_body.content_type
  );
}
