import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { DOMINANT } from '../query/request-rows-sql.ts';
import { ENDS_AT } from '../query/size.ts';
import { chatAnswer, chatCalls } from '../traffic/chat-calls.ts';
import { type CallSpread, placeOf } from './call-spread.ts';
import { finishedCall } from './prepare-log.ts';

/** Calls of sessions of their own, of the tenant that most of made-up data belongs to. */
export interface SpreadCalls extends CallSpread {
  /** Names their sessions. */
  readonly prefix: string;
}

/** Calls of which one begins each millisecond have time between this, epoch ms, and the end of made-up data. */
export const CALLS_MAX = 900_000;
export const CALLS_FROM = ENDS_AT - CALLS_MAX - 1_000;

/** What a call takes, and until it is in the log, ms. */
export const RECEIVED_AFTER_MS = 901;

/** Paths of a session, in turn, so that its steps differ. */
const PATHS = 7;

export function spreadSessionId({ prefix }: SpreadCalls, session: number): string {
  return `${prefix}-${session}`;
}

/** @returns what makes a call by its number and the epoch ms of its request. */
export function createCallMaker(calls: SpreadCalls): (number: number, at: number) => NewRequestEvent {
  const prepared = chatCalls();
  const answer = Buffer.from(chatAnswer());
  return (number, at) => {
    const { session, call } = placeOf(number, calls);
    const { headers } = prepared[session % prepared.length]!;
    const { body } = prepared[number % prepared.length]!;
    const event = finishedCall({ headers, body }, answer, { at });
    const id = spreadSessionId(calls, session);
    return {
      ...event,
      tenant_id: DOMINANT,
      session: { ...event.session!, id, path: `/run/step-${call % PATHS}` },
    };
  };
}
