import type { Turns } from '@throughline/call-state/turns/turns';
import { ApiError } from '@throughline/contracts/errors';
import type { SessionRecords } from '@throughline/contracts/recorded-call';
import { REPLAY_OF, REPLAY_STEP } from '@throughline/contracts/replay-properties';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { decodeBody } from '@throughline/providers/decode-body';
import { buildEvent } from '../../record/build-event.ts';
import type { StateFailures } from '../../state-failures.ts';
import type { Behaviour, BehaviourCall, OwnAnswer } from '../behaviour.ts';
import type { Cassette } from './cassette.ts';
import type { CassetteShelf } from './cassette-shelf.ts';
import { describeMiss } from './describe-miss.ts';
import type { CassetteRequest } from './read-cassette.ts';
import type { RecordedAnswer } from './recorded-answer.ts';
import { type ComparedRequest, requestKey } from './request-key.ts';

export interface CassetteDeps {
  readonly shelf: CassetteShelf;
  readonly records: SessionRecords;
  readonly turns: Turns;
  /** Masks what is stored: recorded requests are masked as well. Left out: they are as they came. */
  readonly masking?: { mask(event: NewRequestEvent): Promise<NewRequestEvent> } | undefined;
  /** Misses that are being described. */
  readonly descriptions: { underWay: number };
  readonly failures: StateFailures;
}

/** Each may hold some 40 MB. */
const DESCRIPTIONS_MAX = 4;
/** So long a run may pause between two calls that ask the same. */
const RUN_MS = 3_600_000;

/** Answers a call from the record of a session, in place of the provider. */
export class CassetteBehaviour implements Behaviour {
  readonly #asked: CassetteRequest;
  readonly #tenantId: string;
  readonly #deps: CassetteDeps;
  #headers: readonly string[] = MISS;

  constructor(asked: CassetteRequest, tenantId: string, deps: CassetteDeps) {
    this.#asked = asked;
    this.#tenantId = tenantId;
    this.#deps = deps;
  }

  /** @throws ApiError where there is no answer and the call is not to be sent. */
  async before(call: BehaviourCall): Promise<OwnAnswer | undefined> {
    const { sessionId, onMiss, pacing } = this.#asked;
    if (call.session?.id === sessionId) throw new ApiError('cassette-of-itself', { session: sessionId });
    call.headers.properties.push([REPLAY_OF, sessionId]);
    const found = await this.#find(call);
    if (typeof found !== 'string') {
      call.headers.properties.push([REPLAY_STEP, found.requestId]);
      this.#headers = ['Throughline-Replay', 'HIT', 'Throughline-Replay-Step', found.requestId];
      return pacing === 'recorded' ? found.paced() : found.answer;
    }
    if (onMiss === 'live') return undefined;
    throw new ApiError('cassette-miss', { session: sessionId, reason: found });
  }

  answered(): readonly string[] {
    return this.#headers;
  }

  /** @returns why there is none, in words. */
  async #find(call: BehaviourCall): Promise<RecordedAnswer | string> {
    const cassette = await this.#cassette();
    if (!cassette) throw new ApiError('unknown-session');
    if (cassette.isEmpty) {
      throw new ApiError('bodies-missing', { steps: stepsOf(cassette.lacking) });
    }
    const request = await this.#compared(call);
    const key = requestKey(request);
    const answers = cassette.answersTo(key);
    // Without a session of its own nobody can tell the first call of a run from the second.
    const turn = call.session ? await this.#turn(call.session.id, key, answers.length) : 0;
    const answer = answers[turn];
    if (answer) return answer;
    if (answers.length > 0) {
      return `it was recorded ${answers.length} time(s), and this run has asked for it more often; give each run a session id of its own`;
    }
    if (this.#asked.onMiss === 'live') return '';
    const why = await this.#describe(request);
    const { lacking } = cassette;
    return lacking.length === 0 ? why : `${why}. Without whole bodies, and so left out: ${stepsOf(lacking)}`;
  }

  /** Reads the session once more, which is not done for any number of calls at a time. */
  async #describe(request: ComparedRequest): Promise<string> {
    const { records, descriptions } = this.#deps;
    if (descriptions.underWay >= DESCRIPTIONS_MAX) return 'many others are being looked for at the same time';
    descriptions.underWay++;
    try {
      return await describeMiss(records, this.#tenantId, this.#asked.sessionId, request);
    } catch (error) {
      this.#deps.failures.note('records', error);
      return 'the record cannot be read again to say which is nearest';
    } finally {
      descriptions.underWay--;
    }
  }

  async #cassette(): Promise<Cassette | undefined> {
    try {
      return await this.#deps.shelf.find(this.#tenantId, this.#asked.sessionId, performance.now());
    } catch (error) {
      if (error instanceof ApiError) throw error;
      this.#deps.failures.note('records', error);
      throw new ApiError('store-unavailable');
    }
  }

  async #turn(runId: string, key: string, answers: number): Promise<number> {
    // What was never recorded needs no turn.
    if (answers === 0) return 0;
    const name = JSON.stringify([this.#tenantId, this.#asked.sessionId, runId, key]);
    try {
      return await this.#deps.turns.next(name, RUN_MS);
    } catch (error) {
      this.#deps.failures.note('turns', error);
      throw new ApiError('store-unavailable');
    }
  }

  async #compared(call: BehaviourCall): Promise<ComparedRequest> {
    const { headers, method, path } = call;
    const sessionPath = headers.sessionPath;
    const whole = { sessionPath, method, path, contentType: headers.contentType };
    const decoded = decodeBody(call.body ?? NOTHING, headers.contentEncoding);
    const body = decoded.ok ? decoded.bytes : (call.body ?? NOTHING);
    if (!this.#deps.masking) return { ...whole, body };
    const masked = await this.#deps.masking.mask(eventOf(call, this.#tenantId, body));
    return {
      sessionPath: masked.session?.path ?? sessionPath,
      method,
      path: masked.path,
      contentType: masked.request_body.content_type,
      body: masked.request_body.bytes,
    };
  }
}

const NOTHING = new Uint8Array(0);
const MISS = ['Throughline-Replay', 'MISS'];
const SHOWN_MAX = 10;

function stepsOf(ids: readonly string[]): string {
  const more = ids.length > SHOWN_MAX ? ` and ${ids.length - SHOWN_MAX} more` : '';
  return `${ids.slice(0, SHOWN_MAX).join(', ')}${more}`;
}

/** The call as it would be recorded, so that it is masked in the same way. */
function eventOf(call: BehaviourCall, tenantId: string, bytes: Uint8Array): NewRequestEvent {
  const body = { bytes, size: bytes.length, truncated: false, content_type: call.headers.contentType, encoding: '' };
  const outcome = {
    status: 200,
    abortReason: '',
    firstByteAt: null,
    responseAt: call.requestAt,
    requestBody: body,
    responseBody: { ...body, bytes: NOTHING, size: 0, content_type: '' },
    responseHeaders: [],
    span: undefined,
  } as const;
  // What was recorded has a session, and its path is masked as one, also where the call has none.
  const session = call.session ?? { id: '', name: '', path: call.headers.sessionPath, rule: 'helicone-session-id' };
  return buildEvent(tenantId, { ...call, eventId: '', requestIdChosen: false }, outcome, session);
}
