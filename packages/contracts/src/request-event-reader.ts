import { KnownNames } from './known-names.ts';
import { MessagePackReader } from './message-pack-reader.ts';
import { RecentTexts } from './recent-texts.ts';
import {
  type CallTrace,
  type CapturedBody,
  EVENT_SCHEMA_VERSION,
  type EventProducer,
  type EventSession,
  type LoggedCall,
  type Pairs,
  type RequestEvent,
} from './request-event.ts';

/**
 * A request event as this version writes it, decoded and checked in one pass: two fifths of the CPU, and a quarter of
 * the garbage, of making objects of maps with any names and checking them afterwards.
 *
 * @param bytes MessagePack. Bodies are views into it.
 * @returns undefined for everything else: other kinds and versions, fields that are not known here or seldom there, values
 *   of other types, what is no event at all. `decodeEvent` says what those are.
 */
export function readRequestEvent(bytes: Uint8Array): RequestEvent | undefined {
  const input = new MessagePackReader(bytes);
  try {
    const event = readEvent(input);
    return input.isAtEnd ? event : undefined;
  } catch {
    return undefined;
  }
}

function readEvent(input: MessagePackReader): RequestEvent | undefined {
  let event_id: string | undefined;
  let tenant_id: string | undefined;
  let request_id: string | undefined;
  let request_id_chosen: boolean | undefined;
  let session: EventSession | null | undefined;
  let user_id: string | undefined;
  let properties: Pairs | undefined;
  let provider: string | undefined;
  let target_url: string | undefined;
  let method: string | undefined;
  let path: string | undefined;
  let request_at: number | undefined;
  let first_byte_at: number | null | undefined;
  let response_at: number | undefined;
  let status: number | undefined;
  let abort_reason: string | undefined;
  let request_headers: Pairs | undefined;
  let response_headers: Pairs | undefined;
  let request_body: CapturedBody | undefined;
  let response_body: CapturedBody | undefined;
  let trace: CallTrace | undefined;
  let model_override: string | undefined;
  let producer: EventProducer | undefined;
  let partition: number | undefined;
  let received_at: number | undefined;
  let logged: LoggedCall | undefined;
  let kind = '';
  let version = 0;

  for (let left = input.mapSize(); left > 0; left--) {
    switch (input.name(EVENT)) {
      case 'schema_version':
        version = input.number();
        break;
      case 'kind':
        kind = input.repeatedString(TEXTS);
        break;
      case 'event_id':
        event_id = input.string();
        break;
      case 'tenant_id':
        tenant_id = input.repeatedString(TEXTS);
        break;
      case 'request_id':
        request_id = input.string();
        break;
      case 'request_id_chosen':
        request_id_chosen = input.boolean();
        break;
      case 'session':
        session = input.isNull() ? null : readSession(input);
        break;
      case 'user_id':
        user_id = input.repeatedString(TEXTS);
        break;
      case 'properties':
        properties = readPairs(input);
        break;
      case 'provider':
        provider = input.repeatedString(TEXTS);
        break;
      case 'target_url':
        target_url = input.repeatedString(TEXTS);
        break;
      case 'method':
        method = input.repeatedString(TEXTS);
        break;
      case 'path':
        path = input.repeatedString(TEXTS);
        break;
      case 'request_at':
        request_at = readNumber(input);
        break;
      case 'first_byte_at':
        first_byte_at = input.isNull() ? null : readNumber(input);
        break;
      case 'response_at':
        response_at = readNumber(input);
        break;
      case 'status':
        status = readWhole(input);
        break;
      case 'abort_reason':
        abort_reason = input.repeatedString(TEXTS);
        break;
      case 'request_headers':
        request_headers = readPairs(input);
        break;
      case 'response_headers':
        response_headers = readPairs(input);
        break;
      case 'request_body':
        request_body = readBody(input);
        break;
      case 'response_body':
        response_body = readBody(input);
        break;
      case 'trace':
        trace = readTrace(input);
        break;
      case 'model_override':
        model_override = input.repeatedString(TEXTS);
        break;
      case 'logged':
        logged = readLogged(input);
        break;
      case 'producer':
        producer = readProducer(input);
        break;
      case 'partition':
        partition = readCount(input);
        break;
      case 'received_at':
        received_at = readNumber(input);
        break;
      default:
        return undefined;
    }
  }
  if (version !== EVENT_SCHEMA_VERSION || kind !== 'request') return undefined;
  // One check after another, not a list of them: this is done for each event.
  if (event_id === undefined || tenant_id === undefined || request_id === undefined) return undefined;
  if (request_id_chosen === undefined || session === undefined || user_id === undefined) return undefined;
  if (properties === undefined || provider === undefined || target_url === undefined) return undefined;
  if (method === undefined || path === undefined || request_at === undefined) return undefined;
  if (first_byte_at === undefined || response_at === undefined || status === undefined) return undefined;
  if (abort_reason === undefined || request_headers === undefined || response_headers === undefined) return undefined;
  if (request_body === undefined || response_body === undefined || trace === undefined) return undefined;
  if (model_override === undefined || producer === undefined) return undefined;
  if (partition === undefined || received_at === undefined) return undefined;
  const event: RequestEvent = {
    schema_version: version,
    kind: 'request',
    event_id,
    tenant_id,
    request_id,
    request_id_chosen,
    session,
    user_id,
    properties,
    provider,
    target_url,
    method,
    path,
    request_at,
    first_byte_at,
    response_at,
    status,
    // Whoever wrote it may know others, as of a session's rule: they are stored as they are.
    abort_reason: abort_reason as RequestEvent['abort_reason'],
    request_headers,
    response_headers,
    request_body,
    response_body,
    trace,
    model_override,
    producer,
    partition,
    received_at,
  };
  return logged === undefined ? event : { ...event, logged };
}

function readSession(input: MessagePackReader): EventSession | undefined {
  let id: string | undefined;
  let name: string | undefined;
  let path: string | undefined;
  let rule: string | undefined;
  for (let left = input.mapSize(); left > 0; left--) {
    switch (input.name(SESSION)) {
      case 'id':
        id = input.repeatedString(TEXTS);
        break;
      case 'name':
        name = input.repeatedString(TEXTS);
        break;
      case 'path':
        path = input.repeatedString(TEXTS);
        break;
      case 'rule':
        rule = input.repeatedString(TEXTS);
        break;
      default:
        return unknownField();
    }
  }
  if (id === undefined || name === undefined || path === undefined || rule === undefined) return undefined;
  return { id, name, path, rule: rule as EventSession['rule'] };
}

function readBody(input: MessagePackReader): CapturedBody | undefined {
  let bytes: Uint8Array | undefined;
  let size: number | undefined;
  let truncated: boolean | undefined;
  let content_type: string | undefined;
  let encoding: string | undefined;
  for (let left = input.mapSize(); left > 0; left--) {
    switch (input.name(BODY)) {
      case 'bytes':
        bytes = input.bytes();
        break;
      case 'size':
        size = readCount(input);
        break;
      case 'truncated':
        truncated = input.boolean();
        break;
      case 'content_type':
        content_type = input.repeatedString(TEXTS);
        break;
      case 'encoding':
        encoding = input.repeatedString(TEXTS);
        break;
      default:
        return unknownField();
    }
  }
  if (bytes === undefined || size === undefined || truncated === undefined) return undefined;
  if (content_type === undefined || encoding === undefined) return undefined;
  return { bytes, size, truncated, content_type, encoding };
}

function readTrace(input: MessagePackReader): CallTrace | undefined {
  let traceparent: string | undefined;
  let tracestate: string | undefined;
  let span: string | undefined;
  for (let left = input.mapSize(); left > 0; left--) {
    switch (input.name(TRACE)) {
      case 'traceparent':
        traceparent = input.string();
        break;
      case 'tracestate':
        tracestate = input.string();
        break;
      case 'span':
        span = input.string();
        break;
      default:
        return unknownField();
    }
  }
  if (traceparent === undefined || tracestate === undefined) return undefined;
  return span === undefined ? { traceparent, tracestate } : { traceparent, tracestate, span };
}

function readLogged(input: MessagePackReader): LoggedCall | undefined {
  let by: string | undefined;
  let cost_usd: number | null | undefined;
  for (let left = input.mapSize(); left > 0; left--) {
    switch (input.name(LOGGED)) {
      case 'by':
        by = input.repeatedString(TEXTS);
        break;
      case 'cost_usd':
        cost_usd = input.isNull() ? null : readNumber(input);
        break;
      default:
        return unknownField();
    }
  }
  if (by === undefined || cost_usd === undefined) return unknownField();
  return { by: by as LoggedCall['by'], cost_usd };
}

function readProducer(input: MessagePackReader): EventProducer | undefined {
  let id: string | undefined;
  let seq: number | undefined;
  for (let left = input.mapSize(); left > 0; left--) {
    switch (input.name(PRODUCER)) {
      case 'id':
        id = input.repeatedString(TEXTS);
        break;
      case 'seq':
        seq = readWhole(input);
        break;
      default:
        return unknownField();
    }
  }
  if (id === undefined || seq === undefined || seq < -1) return undefined;
  return { id, seq };
}

function readPairs(input: MessagePackReader): Pairs {
  const size = input.arraySize();
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index < size; index++) {
    if (input.arraySize() !== 2) return unknownField();
    pairs.push([input.repeatedString(TEXTS), input.repeatedString(TEXTS)]);
  }
  return pairs;
}

/** Those beyond 2^53, which only other writers send, are `decodeEvent`'s to tell. */
function readNumber(input: MessagePackReader): number {
  const value = input.number();
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : unknownField();
}

function readWhole(input: MessagePackReader): number {
  const value = input.number();
  return Number.isSafeInteger(value) ? value : unknownField();
}

function readCount(input: MessagePackReader): number {
  const value = readWhole(input);
  return value >= 0 ? value : unknownField();
}

/** Thrown often where another version writes: without a stack. */
const UNKNOWN = { name: 'not an event of this version' };

function unknownField(): never {
  throw UNKNOWN;
}

const EVENT = new KnownNames([
  'schema_version',
  'kind',
  'event_id',
  'tenant_id',
  'request_id',
  'request_id_chosen',
  'session',
  'user_id',
  'properties',
  'provider',
  'target_url',
  'method',
  'path',
  'request_at',
  'first_byte_at',
  'response_at',
  'status',
  'abort_reason',
  'request_headers',
  'response_headers',
  'request_body',
  'response_body',
  'trace',
  'model_override',
  'logged',
  'producer',
  'partition',
  'received_at',
] as const);
const SESSION = new KnownNames(['id', 'name', 'path', 'rule'] as const);
const BODY = new KnownNames(['bytes', 'size', 'truncated', 'content_type', 'encoding'] as const);
const TRACE = new KnownNames(['traceparent', 'tracestate', 'span'] as const);
const LOGGED = new KnownNames(['by', 'cost_usd'] as const);
const PRODUCER = new KnownNames(['id', 'seq'] as const);

/** Of calls from the same places come the same texts: those of one session, user, model and host. */
const TEXTS = new RecentTexts(4_096);
