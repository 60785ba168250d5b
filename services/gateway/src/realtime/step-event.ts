import type { EventSession, NewRequestEvent, Pairs, SessionRule } from '@throughline/contracts/request-event';
import { buildEvent, type CallFacts } from '../record/build-event.ts';
import type { CallHeaders } from '../request/call-headers.ts';
import type { RealtimeStep } from './turns.ts';

/** How a step came to its end. */
export interface StepEnd {
  /** 200, or the negative code of what cut it. */
  readonly status: number;
  readonly abortReason: NewRequestEvent['abort_reason'];
}

export interface StepFacts {
  readonly tenantId: string | undefined;
  /** With the session of the step. */
  readonly call: CallFacts;
  readonly responseHeaders: Pairs;
}

/** One step of a realtime session as an event: a call whose bodies are what led to it and how it went. */
export function stepEvent(
  { tenantId, call, responseHeaders }: StepFacts,
  step: RealtimeStep,
  { status, abortReason }: StepEnd,
  captureBytesMax: number,
): NewRequestEvent {
  return buildEvent(
    tenantId ?? '',
    { ...call, requestAt: step.requestAt },
    {
      status,
      abortReason,
      firstByteAt: step.firstByteAt,
      responseAt: step.responseAt,
      requestBody: bodyOf(step.request, captureBytesMax, step.requestTruncated),
      responseBody: bodyOf(step.response, captureBytesMax, false),
      responseHeaders,
      span: undefined,
    },
    call.session,
  );
}

/**
 * The session that a step belongs to: as its headers say, else the provider's own name of it, which the stored request
 * has as `conversation.id`.
 */
export function stepSession(
  headers: CallHeaders,
  providersId: string,
  rules: readonly SessionRule[],
): EventSession | null {
  const named = headers.session(rules);
  if (named || providersId === '' || !rules.includes('body-conversation')) return named;
  return { id: providersId, name: headers.sessionName, path: headers.sessionPath, rule: 'body-conversation' };
}

function bodyOf(bytes: Buffer, bytesMax: number, truncated: boolean): NewRequestEvent['request_body'] {
  return {
    bytes: bytes.subarray(0, bytesMax),
    size: bytes.length,
    truncated: truncated || bytes.length > bytesMax,
    content_type: bytes.length === 0 ? '' : 'application/json',
    encoding: '',
  };
}
