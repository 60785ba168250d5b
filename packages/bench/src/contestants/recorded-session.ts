import type { RecordedCall, SessionRecords } from '@throughline/contracts/recorded-call';
import { CHAT_PATH, chatAnswer, chatCalls } from '../traffic/chat-calls.ts';

/** Id of a session in which each of `chatCalls` was recorded once. */
export const RECORDED_SESSION = 'recorded';

/** The records of a gateway that is measured: that one session. */
export function benchRecords(): SessionRecords {
  return {
    async read(_tenantId, sessionId) {
      return sessionId === RECORDED_SESSION ? recordedCalls() : undefined;
    },
  };
}

async function* recordedCalls(): AsyncGenerator<readonly RecordedCall[]> {
  const answer = Buffer.from(chatAnswer());
  yield chatCalls().map(({ headers, body }, at) => ({
    requestId: `request-${at}`,
    sessionPath: headers['helicone-session-path']!,
    method: 'POST',
    path: CHAT_PATH,
    status: 200,
    requestContentType: 'application/json',
    responseHeaders: [['content-type', 'application/json']],
    firstByteMs: 400,
    latencyMs: 900,
    request: { bytes: Buffer.from(body), encoding: '' },
    response: { bytes: answer, encoding: '' },
  }));
}
