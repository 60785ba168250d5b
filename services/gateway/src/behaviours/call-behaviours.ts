import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { withoutBytes } from '@throughline/contracts/without-bytes';
import type { Logger } from '@throughline/telemetry/logger';
import type { ResponseHeaders } from '../proxy/response-headers.ts';
import type { Behaviour, BehaviourCall, OwnAnswer } from './behaviour.ts';

/** Everything that one call asks for beside its being sent, in its order. */
export class CallBehaviours {
  readonly #behaviours: readonly Behaviour[];
  readonly #logger: Logger;
  /** The call is to be asked about before it is sent. */
  readonly areAskedFirst: boolean;
  /** That takes its whole body. */
  readonly needBody: boolean;

  constructor(behaviours: readonly Behaviour[], logger: Logger) {
    this.#behaviours = behaviours;
    this.#logger = logger;
    this.areAskedFirst = behaviours.some(({ before }) => before !== undefined);
    this.needBody = behaviours.some(({ before, isBodyOptional }) => before !== undefined && isBodyOptional !== true);
  }

  /** @returns the first answer that one of them has; those after it are not asked. @throws ApiError, or what went wrong. */
  async before(call: BehaviourCall): Promise<OwnAnswer | undefined> {
    for (const behaviour of this.#behaviours) {
      const asked = behaviour.before?.(call);
      // One turn less where nobody has to be waited for.
      const answer = asked instanceof Promise ? await asked : asked;
      if (answer) return answer;
    }
    return undefined;
  }

  /** @returns names and values of headers for the client, alternating. */
  answered(status: number, response: ResponseHeaders): string[] {
    const headers: string[] = [];
    for (const behaviour of this.#behaviours) {
      if (behaviour.answered) headers.push(...behaviour.answered(status, response));
    }
    return headers;
  }

  /** Never rejects. */
  async recorded(event: NewRequestEvent): Promise<NewRequestEvent> {
    let recorded = event;
    try {
      for (const behaviour of this.#behaviours) {
        const changed = behaviour.recorded?.(recorded) ?? recorded;
        recorded = changed instanceof Promise ? await changed : changed;
      }
      return recorded;
    } catch (error) {
      // Somebody may have wished that they are not stored.
      this.#logger.error({ err: error, id: event.request_id }, 'a call is recorded without its bodies');
      return {
        ...event,
        request_body: withoutBytes(event.request_body),
        response_body: withoutBytes(event.response_body),
      };
    }
  }
}
