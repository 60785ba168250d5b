import type { StepKind } from '@throughline/contracts/request-row';
import { boundedText, NAME_CHARS_MAX, USER_CHARS_MAX } from './bounded-text.ts';
import { formField } from './form-field.ts';
import type { CapturedCall } from './provider-reading.ts';
import { topLevelScalars } from './top-level-scalars.ts';

/** What a request body says about its call. `''` where it says nothing. */
export interface RequestReading {
  readonly stepKind: StepKind;
  /** The body's `model`; for steps that are no LLM calls the name under which they are stored. */
  readonly model: string;
  readonly user: string;
  readonly stream: boolean;
}

const WANTED: ReadonlySet<string> = new Set(['model', 'user', 'stream', '_type', 'toolName', 'name']);

const NOTHING: RequestReading = { stepKind: 'llm', model: '', user: '', stream: false };

/**
 * Read a JSON request body, or the fields of a form; anything else says nothing. Of a cut body, what stands before the
 * cut.
 */
export function readRequest(
  call: Pick<CapturedCall, 'requestText' | 'requestBytes' | 'requestContentType'>,
): RequestReading {
  if (/^multipart\/form-data/i.test(call.requestContentType))
    return readForm(call.requestBytes, call.requestContentType);
  const text = call.requestText;
  if (text === undefined || text === '') return NOTHING;
  const fields = topLevelScalars(text, WANTED);
  if (fields.size === 0) return NOTHING;
  const user = boundedText(fields.get('user'), USER_CHARS_MAX);
  const stream = fields.get('stream') === true;
  const part = (key: string) => boundedText(fields.get(key), NAME_CHARS_MAX);
  // Events of the log endpoints that stand for a step of the session rather than a model's answer.
  switch (fields.get('_type')) {
    case 'tool':
      return { stepKind: 'tool', model: `tool:${part('toolName')}`, user, stream: false };
    case 'vector_db':
      return { stepKind: 'vector_db', model: 'vector_db', user, stream: false };
    case 'data':
      return { stepKind: 'data', model: `data:${part('name')}`, user, stream: false };
    default:
      return { stepKind: 'llm', model: part('model'), user, stream };
  }
}

function readForm(bytes: Uint8Array | undefined, contentType: string): RequestReading {
  if (bytes === undefined) return NOTHING;
  const field = (name: string, charsMax: number) =>
    boundedText(formField(bytes, contentType, name, charsMax), charsMax);
  return {
    stepKind: 'llm',
    model: field('model', NAME_CHARS_MAX),
    user: field('user', USER_CHARS_MAX),
    stream: field('stream', 'false'.length) === 'true',
  };
}
