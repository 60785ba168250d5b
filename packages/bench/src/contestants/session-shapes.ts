import { createSessionFolder } from '@throughline/session-aggregator/session/fold-session';
import { buildRequestRow } from '@throughline/session-aggregator/steps/build-request-row';
import type { SessionState } from '@throughline/session-totals/session-state';
import { chatAnswer, chatCalls } from '../traffic/chat-calls.ts';
import { finishedCall } from './prepare-log.ts';

/** What a session looks like after its calls: that decides how many bytes its totals have. */
export interface SessionShape {
  readonly name: string;
  readonly calls: number;
  /** Distinct paths among them, each with totals of its own. */
  readonly paths: number;
  /** Custom properties of each call. */
  readonly properties: number;
}

/**
 * `chat`: what most products send, a few calls under one path. `agent`: a run of an agent with its steps as paths.
 * `workflow`: many steps, more properties.
 */
export const SESSION_SHAPES: readonly SessionShape[] = [
  { name: 'chat', calls: 3, paths: 1, properties: 1 },
  { name: 'agent', calls: 12, paths: 4, properties: 2 },
  { name: 'workflow', calls: 40, paths: 12, properties: 4 },
];

/** The totals of such a session, folded by the aggregator's own code from calls as the gateway hands them over. */
export function foldShape({ calls, paths, properties }: SessionShape): SessionState {
  const prepared = chatCalls();
  const answer = Buffer.from(chatAnswer());
  const at = Date.UTC(2026, 10, 1);
  const folder = createSessionFolder(undefined);
  for (let i = 0; i < calls; i++) {
    const event = finishedCall(prepared[0]!, answer, { at: at + i * 2_000 });
    const given = Array.from(
      { length: properties },
      (_, n) => [`property-${n}`, `value-${n}-of-this-session`] as const,
    );
    const { row } = buildRequestRow(
      {
        ...event,
        session: { ...event.session!, path: `/run/step-${i % paths}` },
        properties: given,
        response_at: event.request_at + 300 + ((i * 137) % 1_900),
        producer: { id: '0190f0a0-0000-7000-8000-000000000000', seq: i },
        partition: 0,
        received_at: event.response_at,
      },
      0,
      i,
    );
    folder.add(row);
  }
  return folder.result();
}
