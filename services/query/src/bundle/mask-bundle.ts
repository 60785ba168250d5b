import { OMITTED } from '@throughline/contracts/request-event';
import type { BundleAnnotations, BundleBody } from '@throughline/contracts/session-bundle';
import { maskBodyText } from '@throughline/masking/mask-body-text';
import { maskText } from '@throughline/masking/mask-text';
import { type MaskingRules, masksOf } from '@throughline/masking/masking-rules';
import { decodeBody } from '@throughline/providers/decode-body';
import { bundleBody, bytesOfBody } from './bundle-body.ts';
import type { StoredCall } from './stored-calls.ts';

/** API keys, tokens and private keys: what nobody wants to hand on with a session. */
const RULES: MaskingRules = masksOf({ keys: true });

/** As long may be the beginning of something: what is begun at its end counts as what it may have become. */
const CUT_CHARS_MIN = 1_024;

/** A text without secrets. */
export function maskSecrets(text: string): string {
  return maskText(text, RULES, text.length >= CUT_CHARS_MIN);
}

/** Whatever is in JSON, names included. */
export function maskJson<T>(value: T): T {
  if (typeof value === 'string') return maskSecrets(value) as T;
  if (Array.isArray(value)) return value.map(maskJson) as T;
  if (typeof value !== 'object' || value === null) return value;
  const masked = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) masked[maskSecrets(name)] = maskJson(item);
  return masked as T;
}

export function maskAnnotations({ tag, feedback, scores }: BundleAnnotations): BundleAnnotations {
  return { tag: tag && maskSecrets(tag), feedback, scores: maskJson(scores) };
}

/** A call without secrets. Ids, by which it is found and which others refer to, and what it was counted by are kept. */
export function maskStoredCall(call: StoredCall): StoredCall {
  const { request_id, event_id, session_rule, price_version, cache_reference_id, trace_id, span_id, parent_span_id } =
    call;
  const { request, response, ...rest } = call;
  const isCut = call.abort_reason !== '';
  return {
    ...maskJson(rest),
    ...{ request_id, event_id, session_rule, price_version, cache_reference_id, trace_id, span_id, parent_span_id },
    request: maskStoredBody(request, isCut, false),
    response: maskStoredBody(response, isCut, true),
  };
}

function maskStoredBody(body: BundleBody, isCut: boolean, isAnswer: boolean): BundleBody {
  const { text: _, base64: __, ...given } = body;
  const facts = { ...given, content_type: maskSecrets(given.content_type) };
  const bytes = bytesOfBody(body);
  if (body.encoding === 'utf8' || body.encoding === OMITTED) {
    const text = body.text ?? bytes.toString('utf8');
    const masked = maskBodyText({ text, isCut: isCut || body.truncated, isAnswer }, RULES);
    return masked === text ? { ...body, ...facts } : bundleBody(facts, Buffer.from(masked));
  }
  if (bytes.length === 0) return { ...body, ...facts };
  if (body.encoding === 'bytes') return bundleBody(facts, maskBytes(bytes));
  // Still compressed: because it is no text, or because it could not be undone.
  const opened = decodeBody(bytes, body.encoding);
  if (!opened.ok) return bundleBody({ ...facts, encoding: 'missing', truncated: true }, NOTHING);
  const decoded = Buffer.from(opened.bytes);
  const masked = maskBytes(decoded);
  return masked === decoded ? { ...body, ...facts } : bundleBody({ ...facts, encoding: 'bytes' }, masked);
}

const NOTHING = Buffer.alloc(0);

/** One character for each byte: keys are ASCII, and everything else stays what it is. */
function maskBytes(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const masked = maskText(text, RULES);
  return masked === text ? bytes : Buffer.from(masked, 'latin1');
}
