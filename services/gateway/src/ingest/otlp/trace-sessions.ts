import type { Clock } from '../../clock.ts';
import type { SpanContext } from './span-context.ts';

/** What is known of a trace: the one session that its spans named, or that they named several. */
export type TraceSession = SpanContext['session'] | 'several';

/**
 * Which session the spans of a trace have named, for those that come in a later export and name none. An event in the log
 * stays as it is, so that spans of earlier exports gain nothing by it.
 *
 * Holds `TRACES_MAX` traces, the ones heard of last, each for `REMEMBERED_MS` after it was last heard of. In memory alone:
 * another gateway, or this one after its next start, knows nothing of it.
 */
export class TraceSessions {
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly session: NonNullable<TraceSession>; readonly at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param owner whose trace it is: ids of traces are made by callers. */
  of(owner: string, traceId: string): TraceSession {
    const known = this.#known.get(keyOf(owner, traceId));
    return known && this.#clock.now() - known.at <= REMEMBERED_MS ? known.session : undefined;
  }

  note(owner: string, traceId: string, session: NonNullable<TraceSession>): void {
    if (session !== 'several' && session.id.length > ID_CHARS_MAX) return;
    const key = keyOf(owner, traceId);
    this.#known.delete(key);
    this.#known.set(key, { session, at: this.#clock.now() });
    if (this.#known.size > TRACES_MAX) this.#known.delete(this.#known.keys().next().value!);
  }
}

/** About 4 MB of usual ids. */
const TRACES_MAX = 10_000;
/** A trace that goes on for longer without a word of its session is rare, and names it again. */
const REMEMBERED_MS = 3_600_000;
/** Longer ids are not remembered: all of them together stay below 10 MB. */
const ID_CHARS_MAX = 512;

function keyOf(owner: string, traceId: string): string {
  return `${traceId} ${owner}`;
}
