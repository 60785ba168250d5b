import { type CallReading, type CapturedBody, type NewRequestEvent, OMITTED } from './request-event.ts';

/** Bodies that their caller wishes not to be stored (`Helicone-Omit-Request`, `Helicone-Omit-Response`); one at least. */
export interface OmittedBodies {
  readonly request: boolean;
  readonly response: boolean;
}

export function isOmitted({ encoding }: CapturedBody): boolean {
  return encoding === OMITTED;
}

/** The event as it may be stored. @param reading what its bodies say. */
export function omitBodies(event: NewRequestEvent, omits: OmittedBodies, reading: CallReading): NewRequestEvent {
  const areBoth = omits.request && omits.response;
  const omitted = (body: CapturedBody): CapturedBody => ({
    ...body,
    bytes: areBoth ? NOTHING : MODEL,
    truncated: false,
    encoding: OMITTED,
  });
  const { request_body, response_body } = event;
  const stripped = {
    ...event,
    // There is nothing to leave out of an empty body.
    request_body: omits.request && request_body.size > 0 ? omitted(request_body) : request_body,
    response_body: omits.response && response_body.size > 0 ? omitted(response_body) : response_body,
    reading,
  };
  return { ...stripped, ...namedAnew(stripped, reading) };
}

/** Both bodies; in place of one that was left out, the model of this reading. */
export function namedAnew(
  { request_body, response_body }: Pick<NewRequestEvent, 'request_body' | 'response_body'>,
  { model, request_model, response_model }: CallReading,
): Pick<NewRequestEvent, 'request_body' | 'response_body'> {
  return {
    request_body: named(request_body, request_model || model),
    response_body: named(response_body, response_model || model),
  };
}

function named(body: CapturedBody, model: string): CapturedBody {
  if (!isOmitted(body) || body.bytes.length === 0) return body;
  return { ...body, bytes: Buffer.from(JSON.stringify({ model })) };
}

const NOTHING = new Uint8Array(0);
const MODEL = Buffer.from('{}');
