import type { SessionRow } from '@throughline/contracts/session-row';
import { packVersion, unpackVersion } from '@throughline/contracts/version';
import { NO_STRINGS, StringsCollector } from './bounded-strings.ts';
import { describeSteps } from './describe-steps.ts';
import { latencyQuantile } from './latency-sketch.ts';
import { SESSION_BOUNDS } from './session-bounds.ts';
import type { BoundedStrings, SessionState } from './session-state.ts';
import { encodeSessionState } from './state-codec.ts';

/** What a snapshot says about a session, without what only its publication adds. */
export type SessionFacts = Omit<SessionRow, 'updated_at' | 'state' | 'version' | 'is_deleted'>;

/**
 * Totals and sets of a session in the columns of its snapshot; figures from them are in `session-figures.ts`.
 *
 * `truncated_fields` names the columns that are incomplete: `session_name` (cut), `session_names`, `user_ids`, `models`,
 * `providers`, `statuses`, `paths` (not a column: the tree), `properties` (keys are missing) and `properties.<key>`
 * (values of that key are).
 */
export function describeSession(state: SessionState): SessionFacts {
  const properties = allProperties(state);
  return {
    tenant_id: state.tenantId,
    session_id: state.sessionId,
    created_at: state.createdAt,
    latest_request_at: state.latestRequestAt,
    latest_response_at: state.latestResponseAt,
    session_name: state.latestName?.name ?? '',
    session_names: state.names.values,
    user_ids: state.userIds.values,
    models: state.models.values,
    providers: state.providers.values,
    statuses: [...state.statuses.keys()].sort((a, b) => a - b),
    properties: properties.map(([key, { values }]) => [key, values]),
    truncated_fields: truncatedFields(state, properties),
    total_requests: state.requests,
    error_count: state.errors,
    unpriced_requests: state.unpriced,
    prompt_tokens: state.promptTokens,
    completion_tokens: state.completionTokens,
    reasoning_tokens: state.reasoningTokens,
    prompt_cache_read_tokens: state.promptCacheReadTokens,
    prompt_cache_write_tokens: state.promptCacheWriteTokens,
    prompt_audio_tokens: state.promptAudioTokens,
    completion_audio_tokens: state.completionAudioTokens,
    total_cost_pico: state.costPico,
    latency_ms_sum: state.latencyMsSum,
    p95_latency_ms: latencyQuantile(state.latencyBuckets, 95),
    tag: state.tag,
    feedback: state.feedback,
    scores: [...state.scores].sort(byKey),
    last_received_at: state.lastReceivedAt,
    deleted_bodies: state.bodiesDeleted,
    ...describeSteps(state),
    source_partition: state.partition,
    applied: state.applied,
  };
}

/**
 * The snapshot of a session as its owner publishes it. The packed state in it is `publishedState`: hydrated, it says of
 * itself which snapshot it came from.
 *
 * @param epoch ownership epoch of the publisher. @param updatedAt epoch ms.
 */
export function sessionRow(
  state: SessionState,
  { epoch, updatedAt }: { epoch: number; updatedAt: number },
): SessionRow {
  const published = publishedState(state, epoch);
  return {
    ...describeSession(published),
    updated_at: updatedAt,
    state: encodeSessionState(published),
    version: published.snapshotVersion,
    is_deleted: 0,
  };
}

/** The state once its snapshot is stored. */
export function publishedState(state: SessionState, epoch: number): SessionState {
  // What a deletion took away may be all that came last: the snapshots of before it must not win again.
  const offset = Math.max(state.applied, unpackVersion(state.snapshotVersion).offset);
  return { ...state, snapshotVersion: packVersion(offset, epoch), publishedCreatedAt: state.createdAt };
}

/** Whether a stored snapshot holds everything that the state holds: only then may the session be evicted. */
export function isPublished(state: SessionState): boolean {
  return state.publishedCreatedAt !== null && unpackVersion(state.snapshotVersion).offset >= state.applied;
}

/** Property keys by which a call says what its session is. Stored as columns of rows and snapshots, not among the properties of a state. */
export const SESSION_ID_PROPERTY = 'Helicone-Session-Id';
export const SESSION_NAME_PROPERTY = 'Helicone-Session-Name';
export const SESSION_PATH_PROPERTY = 'Helicone-Session-Path';

/** The stored properties, and the session's own ones as if they had been stored like any other. */
function allProperties(state: SessionState): (readonly [key: string, values: BoundedStrings])[] {
  const all: (readonly [string, BoundedStrings])[] = [...state.properties];
  if (state.requests > 0) {
    all.push([SESSION_ID_PROPERTY, asPropertyValues({ values: [state.sessionId], overflowed: false })]);
    all.push([SESSION_NAME_PROPERTY, asPropertyValues(state.names)]);
    const paths = {
      values: [...state.paths.keys()].filter((path) => path !== ''),
      overflowed: state.otherPaths !== null,
    };
    all.push([SESSION_PATH_PROPERTY, asPropertyValues(paths)]);
  }
  return all.filter(([, { values, overflowed }]) => values.length > 0 || overflowed).sort(byKey);
}

function asPropertyValues({ values, overflowed }: BoundedStrings): BoundedStrings {
  const collector = new StringsCollector({ ...NO_STRINGS, overflowed }, SESSION_BOUNDS.propertyValues);
  for (const value of values) collector.add(value);
  return collector.result();
}

function truncatedFields(state: SessionState, properties: readonly (readonly [string, BoundedStrings])[]): string[] {
  const fields: [field: string, truncated: boolean][] = [
    ['session_name', (state.latestName?.name.length ?? 0) >= SESSION_BOUNDS.latestNameCharsMax],
    ['session_names', state.names.overflowed],
    ['user_ids', state.userIds.overflowed],
    ['models', state.models.overflowed],
    ['providers', state.providers.overflowed],
    ['statuses', state.statusesOverflowed],
    ['paths', state.otherPaths !== null],
    ['properties', state.propertiesOverflowed],
    ...properties.map(([key, { overflowed }]): [string, boolean] => [`properties.${key}`, overflowed]),
  ];
  return fields.filter(([, truncated]) => truncated).map(([field]) => field);
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
