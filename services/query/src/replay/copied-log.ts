import type { StoredBodies, StoredBody } from '../queries/read-bodies.ts';
import type { RecordedStep } from './recorded-steps.ts';

/**
 * The body of a call of the log endpoint that records a tool, vector or data step once more, as it was.
 *
 * @param meta headers of ours: session, user and properties. @param startAt epoch ms; it ends as long after it as it did.
 */
export function copiedLog(
  step: RecordedStep,
  bodies: StoredBodies | undefined,
  meta: readonly (readonly [string, string])[],
  startAt: number,
): string {
  const timing = {
    startTime: instant(startAt),
    endTime: instant(startAt + step.responseAt - step.requestAt),
    ...(step.timeToFirstTokenMs !== null && { timeToFirstToken: step.timeToFirstTokenMs }),
  };
  const request = jsonText(bodies?.request) ?? JSON.stringify(wrapped(step, bodies?.request));
  const response = jsonText(bodies?.response);
  const text = response === undefined ? plainText(bodies?.response) : '';
  // Bodies go in as they are: their numbers keep their digits.
  return `{"providerRequest":{"url":${JSON.stringify(step.targetUrl)},"json":${request},"meta":${JSON.stringify(Object.fromEntries(meta))}},"providerResponse":{${
    text === '' ? `"json":${response ?? '""'}` : `"json":"","textBody":${JSON.stringify(text)}`
  },"status":${step.status},"headers":{}},"timing":${JSON.stringify(timing)},"provider":${JSON.stringify(step.provider)}}`;
}

function instant(atMs: number): { seconds: number; milliseconds: number } {
  const seconds = Math.floor(atMs / 1_000);
  return { seconds, milliseconds: atMs - seconds * 1_000 };
}

/** Undefined for what is no JSON, and for `null`, which says that there is nothing. */
function jsonText(body: StoredBody | undefined): string | undefined {
  if (body?.encoding !== 'utf8' || !body.bytes) return undefined;
  const text = body.bytes.toString('utf8');
  try {
    return JSON.parse(text) === null ? undefined : text;
  } catch {
    return undefined;
  }
}

function plainText(body: StoredBody | undefined): string {
  if (!body?.bytes) return '';
  return body.encoding === 'utf8' ? body.bytes.toString('utf8') : body.bytes.toString('base64');
}

/** A request that was no JSON, in the form that says which kind of step it is of. */
function wrapped(step: RecordedStep, body: StoredBody | undefined): object {
  const input = plainText(body);
  const name = step.model.slice(step.model.indexOf(':') + 1);
  switch (step.kind) {
    case 'vector_db':
      return { _type: 'vector_db', operation: 'search', text: input };
    case 'data':
      return { _type: 'data', name, meta: { input } };
    default:
      return { _type: 'tool', toolName: name, input };
  }
}
