import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import type { SessionRow } from '@throughline/contracts/session-row';
import { packVersion } from '@throughline/contracts/version';
import { createSessionFolder } from '@throughline/session-aggregator/session/fold-session';
import { sampleRow } from '@throughline/session-aggregator/session/sample-row';
import { describeSession, sessionRow } from '@throughline/session-totals/describe-session';
import type { SessionBounds } from '@throughline/session-totals/session-bounds';
import fc, { type Arbitrary } from 'fast-check';
import type { RequestFacts, SessionFacts } from '../src/facts.ts';
import { KEYS, PICO, TEXTS, TIMES } from './arbitrary-tree.ts';

/** A session with its requests: what it is in truth, and what is stored of it. */
export interface StoredSession {
  readonly requests: readonly {
    readonly facts: RequestFacts;
    readonly row: RequestRow;
    /** Undefined: deleted, or past its time. */
    readonly body: RequestBodyRow | undefined;
  }[];
  /** Undefined: the requests belong to no session. */
  readonly facts: SessionFacts | undefined;
  readonly row: SessionRow | undefined;
}

/** So small that most sessions overflow some set. */
const TINY: SessionBounds = {
  names: { countMax: 2, charsMax: 8 },
  userIds: { countMax: 2, charsMax: 8 },
  models: { countMax: 2, charsMax: 8 },
  providers: { countMax: 1, charsMax: 8 },
  stepsMax: 4,
  statusesMax: 2,
  propertyKeys: { countMax: 2, charsMax: 4 },
  propertyValues: { countMax: 2, charsMax: 4 },
  paths: { countMax: 3, charsMax: 6 },
  scores: { countMax: 2, charsMax: 8 },
  latestNameCharsMax: 100,
  chosenIdsMax: 3,
};

const text = fc.constantFrom(...TEXTS);
const name = fc.oneof(fc.constant(''), text);
const count = fc.constantFrom(0, 1, 2, 5, 1000, 9_007_199_254_740_991);
const scores = fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(0, 1, -3, 0.5, 1e300)), {
  selector: ([key]) => key,
  maxLength: 3,
});

const requestArbitrary = fc.record({
  request_id: text,
  session_name: name,
  session_path: name,
  user_id: name,
  // Of equal keys the later pair is the property.
  properties: fc.array(
    fc.oneof(
      fc.tuple(fc.constant('Helicone-Cache-Enabled'), fc.constantFrom('true', 'false', 'True')),
      fc.tuple(
        fc.constantFrom(
          ...KEYS,
          'Helicone-Prompt-Id',
          'helicone-prompt-id',
          'Helicone-Prompt-Version',
          'helicone-session-name',
        ),
        text,
      ),
    ),
    { maxLength: 4 },
  ),
  scores,
  ordered_at: fc.constantFrom(...TIMES),
  response_at: fc.constantFrom(...TIMES, 0, -5_000_000_000_000, 32_000_000_000_000),
  latency_ms: fc.constantFrom(0, 1, 2, 5, 200, 1000),
  time_to_first_token_ms: fc.constantFrom(null, 0, 5, 200),
  provider: name,
  target_url: name,
  path: name,
  status: fc.constantFrom(-4, -3, 0, 200, 429, 500),
  is_error: fc.boolean(),
  model: text,
  prompt_tokens: fc.option(count),
  completion_tokens: fc.option(count),
  prompt_cache_read_tokens: count,
  prompt_cache_write_tokens: count,
  cost_pico: fc.option(fc.constantFrom(...PICO)),
  request_headers: fc.oneof(
    fc.constant([]),
    text.map((value): [string, string][] => [['referer', value]]),
  ),
  cache_reference_id: name,
});

const bodyArbitrary = fc.oneof(
  { weight: 3, arbitrary: text.map((value) => ({ encoding: 'utf8', value })) },
  { weight: 1, arbitrary: text.map((value) => ({ encoding: 'gzip', value })) },
);

const sessionArbitrary = fc.record({
  requests: fc.array(
    fc.tuple(requestArbitrary, bodyArbitrary, bodyArbitrary, fc.constantFrom(true, true, true, false)),
    { minLength: 1, maxLength: 5 },
  ),
  tag: fc.option(text),
  feedback: fc.option(fc.boolean()),
  scores,
});

/** Sessions of one tenant with distinct ids, their requests numbered from 0. */
export function arbitrarySessions(tenantId: string): Arbitrary<StoredSession[]> {
  const count = TEXTS.length - 1;
  return fc.array(sessionArbitrary, { minLength: count, maxLength: count }).map((sessions) => {
    let offset = 0;
    return sessions.map(({ requests, tag, feedback, ...session }, index) => {
      // The first has the empty id, which is no session.
      const sessionId = TEXTS[index]!;
      const stored = requests.map(([fields, requestBody, responseBody, hasBodies]) => {
        const row: RequestRow = {
          ...sampleRow(fields as Partial<RequestRow>),
          tenant_id: tenantId,
          session_id: sessionId,
          event_id: `${index}-${offset}`,
          source_offset: offset,
          version: packVersion(offset, 2),
        };
        const { ordered_at, request_id, source_partition, source_offset, received_at, version } = row;
        const body: RequestBodyRow = {
          ...{ tenant_id: tenantId, session_id: sessionId, ordered_at, request_id },
          ...{ source_partition, source_offset, received_at, version },
          request_body: Buffer.from(requestBody.value),
          request_encoding: requestBody.encoding,
          response_body: Buffer.from(responseBody.value),
          response_encoding: responseBody.encoding,
        };
        offset++;
        const facts: RequestFacts = {
          ...row,
          ...(hasBodies && requestBody.encoding === 'utf8' && { request_body: requestBody.value }),
          ...(hasBodies && responseBody.encoding === 'utf8' && { response_body: responseBody.value }),
        };
        return { row, body: hasBodies ? body : undefined, facts };
      });
      if (sessionId === '') return { requests: stored, facts: undefined, row: undefined };
      const folder = createSessionFolder(undefined, TINY);
      for (const { row } of stored) folder.add(row);
      const state = { ...folder.result(), tag, feedback, scores: new Map(session.scores) };
      const distinct = (of: (row: RequestRow) => string) =>
        [...new Set(stored.map(({ row }) => of(row)))].filter((value) => value !== '');
      const facts: SessionFacts = {
        ...describeSession(state),
        session_names: distinct((row) => row.session_name),
        user_ids: distinct((row) => row.user_id),
        models: distinct((row) => row.model),
        providers: distinct((row) => row.provider),
      };
      return { requests: stored, facts, row: sessionRow(state, { epoch: 2, updatedAt: 0 }) };
    });
  });
}
