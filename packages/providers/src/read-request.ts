import type { StepKind } from '@throughline/contracts/request-row';
import { boundedText, NAME_CHARS_MAX, USER_CHARS_MAX } from './bounded-text.ts';
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

/** Read a JSON request body; anything else says nothing. Of a cut body, what stands before the cut. */
export function readRequest(text: string | undefined): RequestReading {
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
