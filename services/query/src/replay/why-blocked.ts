import { PROMPT_FLAGGED, RATE_LIMIT_STATUS, RATE_LIMITED } from '@throughline/contracts/blocked-call';
import { STATUS_THREAT_BLOCKED } from '@throughline/contracts/request-event';
import type { RecordedStep } from './recorded-steps.ts';

/**
 * Why a gateway kept a call from its provider, as its caller had asked it to. A 429 alone says nothing: providers have limits
 * of their own.
 *
 * @returns undefined: it did not.
 */
export function whyBlocked({
  status,
  errorType,
  properties,
}: Pick<RecordedStep, 'status' | 'errorType' | 'properties'>): string | undefined {
  if (status === STATUS_THREAT_BLOCKED) return 'it was judged to be a threat, and was not sent';
  if (status === 400 && errorType === PROMPT_FLAGGED) return 'moderation flagged it, and it was not sent';
  const isLimited = properties.some(([name, value]) => name === RATE_LIMIT_STATUS && value === RATE_LIMITED);
  return status === 429 && isLimited ? 'its rate limit was reached, and it was not sent' : undefined;
}
