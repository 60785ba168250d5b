import { ApiFailure, refusalSentence } from '../../../api/failure.ts';
import type { ReplayField } from './replay-form.ts';

/** A step that a refusal names. */
export interface RefusedStep {
  readonly request_id: string;
  readonly path: string;
  readonly reason: string;
}

/** The API does not take a replay as it is asked for. */
export class ReplayRefusal extends ApiFailure {
  /** What of the form it is about, and what is said of that; empty: all of it. */
  readonly fields: ReadonlyMap<ReplayField, string>;
  /** Those that cannot be sent or copied. */
  readonly steps: readonly RefusedStep[];

  constructor(status: number, body: unknown) {
    super(status, refusalSentence(body, status));
    this.fields = refusedFields(body, this.message);
    const { steps } = recordOf(body) as { readonly steps?: readonly RefusedStep[] };
    this.steps = steps ?? [];
  }
}

/** @param sentence of the catalogue (docs/errors.md), with its reason. */
function refusedFields(body: unknown, sentence: string): ReadonlyMap<ReplayField, string> {
  const { details } = recordOf(body) as { readonly details?: Readonly<Record<string, { readonly message?: string }>> };
  if (!details) {
    const [, field] = SENTENCES.find(([pattern]) => pattern.test(sentence)) ?? [];
    return new Map(field === undefined ? [] : [[field, sentence.replace(PREFIX, '')]]);
  }
  const fields = new Map<ReplayField, string>();
  for (const [place, { message = '' }] of Object.entries(details)) {
    const [, field] = PLACES.find(([start]) => place === start || place.startsWith(`${start}.`)) ?? [];
    if (field !== undefined && !fields.has(field)) fields.set(field, message);
  }
  return fields;
}

const PREFIX = 'The replay cannot be done as it is asked for: ';

const SENTENCES: readonly (readonly [RegExp, ReplayField])[] = [
  [/^There is a session of the id /, 'sessionId'],
  [/asked for: sessionId /, 'sessionId'],
  [/asked for: fromStep /, 'fromStep'],
  [/asked for: none of the \d+ steps of the session /, 'paths'],
  [/asked for: (?:no provider of the name|it names a provider) /, 'target'],
  [/^Helicone-Target-URL /, 'target'],
  [/ is not a public address/, 'target'],
  [/asked for: (?:a provider key|providerKey|there is no key) /, 'keys'],
];

const PLACES: readonly (readonly [string, ReplayField])[] = [
  ['requestBody.sessionId', 'sessionId'],
  ['requestBody.overrides.model', 'model'],
  ['requestBody.overrides.provider', 'target'],
  ['requestBody.overrides.targetUrl', 'target'],
  ['requestBody.overrides.temperature', 'temperature'],
  ['requestBody.overrides.body', 'members'],
  ['requestBody.overrides.systemPrompt', 'prompt'],
  ['requestBody.overrides.replace', 'prompt'],
  ['requestBody.paths', 'paths'],
  ['requestBody.fromStep', 'fromStep'],
  ['requestBody.times', 'times'],
  ['requestBody.maxCostUsd', 'maxCostUsd'],
  ['requestBody.providerKey', 'keys'],
  ['requestBody.providerKeys', 'keys'],
];

function recordOf(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {};
}
