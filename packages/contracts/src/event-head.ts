import { continuedTrace } from './continued-trace.ts';
import { KnownNames } from './known-names.ts';
import { MessagePackReader } from './message-pack-reader.ts';
import type { EventProducer, TraceContext } from './request-event.ts';

/** What whoever passes events on needs to know of one: where it goes, who numbered it, and names for people. */
export interface EventHead {
  readonly eventId: string;
  readonly tenantId: string;
  /** null: the event has no session. */
  readonly sessionId: string | null;
  /** What a consumer's spans continue. @see continuedTrace */
  readonly trace: TraceContext;
  readonly producer: EventProducer;
  readonly partition: number;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/**
 * Reads the head out of an encoded event without decoding the rest: five times cheaper than `decodeEvent`. Works on events of
 * newer versions too, which are passed on as they are.
 *
 * @returns undefined when the bytes are not an event that a log has stamped.
 */
export function readEventHead(bytes: Uint8Array): EventHead | undefined {
  try {
    return new HeadReader(bytes).read();
  } catch {
    // Bytes end in the middle of a value, or a value is of another type than it must be.
    return undefined;
  }
}

class HeadReader {
  readonly #input: MessagePackReader;

  constructor(bytes: Uint8Array) {
    this.#input = new MessagePackReader(bytes);
  }

  read(): EventHead | undefined {
    const input = this.#input;
    let eventId: string | undefined;
    let tenantId: string | undefined;
    let sessionId: string | null | undefined = null;
    let trace: TraceContext = NO_TRACE;
    let producer: EventProducer | undefined;
    let partition: number | undefined;
    let receivedAt: number | undefined;
    for (let left = input.mapSize(); left > 0; left--) {
      switch (input.name(AT_TOP)) {
        case 'event_id':
          eventId = input.string();
          break;
        case 'tenant_id':
          tenantId = input.string();
          break;
        case 'session':
          sessionId = input.isNull() ? null : this.#sessionId();
          break;
        case 'trace':
          trace = this.#trace();
          break;
        case 'producer':
          producer = this.#producer();
          break;
        case 'partition':
          partition = input.number();
          break;
        case 'received_at':
          receivedAt = input.number();
          break;
        default:
          input.skip();
      }
    }
    if (eventId === undefined || tenantId === undefined || producer === undefined) return undefined;
    if (!isIntegerFrom(0, partition) || receivedAt === undefined || !Number.isFinite(receivedAt)) return undefined;
    // A session without an id cannot be told from another one.
    if (sessionId === undefined) return undefined;
    return { eventId, tenantId, sessionId, trace, producer, partition: partition!, receivedAt };
  }

  #sessionId(): string | undefined {
    const input = this.#input;
    let id: string | undefined;
    for (let left = input.mapSize(); left > 0; left--) {
      if (input.name(IN_SESSION) === 'id') id = input.string();
      else input.skip();
    }
    return id;
  }

  #trace(): TraceContext {
    const input = this.#input;
    let { traceparent, tracestate } = NO_TRACE;
    let span: string | undefined;
    for (let left = input.mapSize(); left > 0; left--) {
      const name = input.name(IN_TRACE);
      if (name === 'traceparent') traceparent = input.string();
      else if (name === 'tracestate') tracestate = input.string();
      else if (name === 'span') span = input.string();
      else input.skip();
    }
    if (span !== undefined) return continuedTrace({ traceparent, tracestate, span });
    return traceparent === '' && tracestate === '' ? NO_TRACE : { traceparent, tracestate };
  }

  #producer(): EventProducer | undefined {
    const input = this.#input;
    let id: string | undefined;
    let seq: number | undefined;
    for (let left = input.mapSize(); left > 0; left--) {
      const name = input.name(IN_PRODUCER);
      if (name === 'id') id = input.string();
      else if (name === 'seq') seq = input.number();
      else input.skip();
    }
    return id !== undefined && isIntegerFrom(-1, seq) ? { id, seq: seq! } : undefined;
  }
}

const NO_TRACE: TraceContext = { traceparent: '', tracestate: '' };

// Most names are not wanted: those are passed over.
const AT_TOP = new KnownNames([
  'event_id',
  'tenant_id',
  'session',
  'trace',
  'producer',
  'partition',
  'received_at',
] as const);
const IN_SESSION = new KnownNames(['id'] as const);
const IN_TRACE = new KnownNames(['traceparent', 'tracestate', 'span'] as const);
const IN_PRODUCER = new KnownNames(['id', 'seq'] as const);

function isIntegerFrom(min: number, value: number | undefined): boolean {
  return Number.isSafeInteger(value) && value! >= min;
}
