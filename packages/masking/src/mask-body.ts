import { isOmitted } from '@throughline/contracts/omitted-bodies';
import type { CapturedBody } from '@throughline/contracts/request-event';
import { withoutBytes } from '@throughline/contracts/without-bytes';
import { asText, decodeBody } from '@throughline/providers/decode-body';
import { maskBodyText } from './mask-body-text.ts';
import type { MaskingRules } from './masking-rules.ts';

export interface BodyContext {
  readonly isAnswer: boolean;
  /** The call ended before the body did. */
  readonly isCut: boolean;
  /** Of what is stored: a body that came compressed is stored as text. */
  readonly bytesMax: number;
}

/**
 * A body as it may be stored: the body itself where there is nothing to mask in it, else its text, decompressed, with what
 * the rules name replaced. What cannot be looked into (it is no text, or cannot be decompressed) is left out, and the body
 * is `truncated`.
 */
export function maskBody(
  body: CapturedBody,
  rules: MaskingRules,
  { isAnswer, isCut, bytesMax }: BodyContext,
): CapturedBody {
  // What was left out holds a name that is masked with other fields.
  if (body.bytes.length === 0 || isOmitted(body)) return body;
  const decoded = decodeBody(body.bytes, body.encoding);
  if (!decoded.ok) return withoutBytes(body);
  const isTooLong = decoded.bytes.length > bytesMax;
  const kept = isTooLong ? decoded.bytes.subarray(0, bytesMax) : decoded.bytes;
  const isBeginning = body.truncated || decoded.truncated || isTooLong;
  const text = asText(kept, isCut || isBeginning);
  if (text === undefined || text.includes('\0')) return withoutBytes(body);
  const masked = maskBodyText({ text, isCut: isCut || isBeginning, isAnswer }, rules);
  // An encoding that says nothing is kept as well: the bytes are the same either way.
  if (masked === text && !isTooLong) return body;
  return { ...body, bytes: Buffer.from(masked), truncated: body.truncated || isTooLong, encoding: '' };
}
