import { newEventIdFor } from '@throughline/contracts/partition';
import { DEFAULT_TENANT, EVENT_SCHEMA_VERSION, type NewRequestEvent } from '@throughline/contracts/request-event';
import type { EventAppender } from '@throughline/event-log/event-log';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import { CHAT_PATH, chatAnswer, chatCalls, type PreparedCall } from '../traffic/chat-calls.ts';

/** Appends at a time: they share one write. */
const GROUP = 256;

/** Fills a log folder with finished chat completions, the sessions in turn, as the gateway would have written them. */
export async function prepareLog(dir: string, events: number): Promise<void> {
  const appender = openFileAppender({ dir });
  const calls = chatCalls();
  const answer = Buffer.from(chatAnswer());
  const now = Date.now();
  await appendAll(appender, events, (number) =>
    finishedCall(calls[number % calls.length]!, answer, { at: now - (events - number) }),
  );
  await appender.close();
}

/** Appends so many events, each made by its number, from 0. */
export async function appendAll(
  appender: EventAppender,
  events: number,
  make: (number: number) => NewRequestEvent,
): Promise<void> {
  for (let at = 0; at < events; at += GROUP) {
    await Promise.all(Array.from({ length: Math.min(GROUP, events - at) }, (_, i) => appender.append(make(at + i))));
  }
}

/**
 * A call as the gateway hands it to the log.
 *
 * @param options.at epoch ms of its request; it took 900 ms. `generation` tells apart the sessions of one prepared call.
 */
export function finishedCall(
  { headers, body }: PreparedCall,
  answer: Buffer,
  { at, partitions = 1, generation = 0 }: { at: number; partitions?: number; generation?: number },
): NewRequestEvent {
  const sessionId = headers['helicone-session-id']! + (generation === 0 ? '' : `-${generation}`);
  const eventId = newEventIdFor(DEFAULT_TENANT, sessionId, at, partitions);
  const bytes = Buffer.from(body);
  const captured = { truncated: false, content_type: 'application/json', encoding: '' };
  return {
    kind: 'request',
    schema_version: EVENT_SCHEMA_VERSION,
    event_id: eventId,
    tenant_id: DEFAULT_TENANT,
    request_id: eventId,
    request_id_chosen: false,
    session: {
      id: sessionId,
      name: headers['helicone-session-name']!,
      path: headers['helicone-session-path']!,
      rule: 'helicone-session-id',
    },
    user_id: headers['helicone-user-id']!,
    properties: [['environment', headers['helicone-property-environment']!]],
    provider: 'OPENAI',
    target_url: `https://api.openai.com${CHAT_PATH}`,
    method: 'POST',
    path: CHAT_PATH,
    request_at: at,
    first_byte_at: at + 300,
    response_at: at + 900,
    status: 200,
    abort_reason: '',
    request_headers: [
      ['content-type', 'application/json'],
      ['user-agent', headers['user-agent']!],
    ],
    response_headers: [['content-type', 'application/json']],
    request_body: { bytes, size: bytes.length, ...captured },
    response_body: { bytes: answer, size: answer.length, ...captured },
    trace: { traceparent: '', tracestate: '' },
    model_override: '',
  };
}
