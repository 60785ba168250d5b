import type { RecordedCall } from '@throughline/contracts/recorded-call';
import { type RecordedAnswer, recordedAnswer } from './recorded-answer.ts';
import { requestKey } from './request-key.ts';

/** The recorded calls of one session, by what was asked. */
export class Cassette {
  readonly sessionId: string;
  readonly #answers = new Map<string, RecordedAnswer[]>();
  readonly #lacking: string[] = [];
  #bytes = 0;

  constructor(sessionId: string) {
    this.sessionId = sessionId;
  }

  /** @param call later than those before it. */
  add(call: RecordedCall): void {
    const { request, sessionPath, method, path, requestContentType } = call;
    const answer = recordedAnswer(call);
    if (request.lack !== undefined || !answer) {
      this.#lacking.push(call.requestId);
      return;
    }
    const key = requestKey({ sessionPath, method, path, contentType: requestContentType, body: request.bytes });
    const others = this.#answers.get(key);
    if (others) others.push(answer);
    else this.#answers.set(key, [answer]);
    this.#bytes += answer.bytes;
  }

  /** What was answered to a request, in order; empty: it was never recorded. @param key of `requestKey`. */
  answersTo(key: string): readonly RecordedAnswer[] {
    return this.#answers.get(key) ?? NONE;
  }

  /** Bytes that it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#answers.size === 0;
  }

  /** Request ids of calls that cannot be answered again: their bodies are not there, or they were cut short. */
  get lacking(): readonly string[] {
    return this.#lacking;
  }
}

const NONE: readonly RecordedAnswer[] = [];
