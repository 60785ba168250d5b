import { type AnnotationRow, changeOf } from '@throughline/contracts/annotation-row';
import type { RequestRow } from '@throughline/contracts/request-row';
import { NO_STRINGS, SmallestByHash, StringsCollector } from '@throughline/session-totals/bounded-strings';
import {
  SESSION_ID_PROPERTY,
  SESSION_NAME_PROPERTY,
  SESSION_PATH_PROPERTY,
} from '@throughline/session-totals/describe-session';
import { latencyBucket } from '@throughline/session-totals/latency-sketch';
import { SESSION_BOUNDS, type SessionBounds, type StringsBound } from '@throughline/session-totals/session-bounds';
import type { BoundedStrings, PathTotals, SessionState } from '@throughline/session-totals/session-state';
import { ChosenIdWindow } from './chosen-id-window.ts';
import { PathTotalsCollector } from './path-totals-collector.ts';
import { StepsCollector } from './steps-collector.ts';
import { TokenSum, wholeNumber } from './token-sum.ts';

/** Everything of a row that its session's totals are made of. */
export type FoldedRow = Omit<RequestRow, 'version'> & {
  /** Its bodies were deleted. Left out: they were not. */
  readonly bodies_deleted?: boolean;
};

/** Everything of an annotation that a session's totals are made of. */
export type FoldedAnnotation = Omit<AnnotationRow, 'version'>;

/** Folds rows of one session into its state, many at a time. */
export interface SessionFolder {
  /**
   * @param row of this session, in any order. Skipped when it lies at or below the `applied` that the folder began with,
   *   or was added before.
   * @returns whether it counted.
   */
  add(row: FoldedRow): boolean;
  /**
   * @param annotation of this session or of a request of it, in any order among those added to this folder; those of the
   *   folders before lie lower. Skipped like a row. What it sets of the session holds until a later one sets it again.
   * @returns whether it counted.
   */
  annotate(annotation: FoldedAnnotation): boolean;
  /** A new state; the one that the folder began with is untouched. The folder is done with then. */
  result(): SessionState;
}

/**
 * The totals of a session with one more row. Pure, and independent of the order in which rows come in everything but
 * `applied`.
 */
export function foldSession(state: SessionState | undefined, row: FoldedRow): SessionState {
  const folder = createSessionFolder(state);
  folder.add(row);
  return folder.result();
}

/**
 * @param state undefined for a session not known yet: the first row then says which it is.
 * @param bounds other than those in force only in tests.
 */
export function createSessionFolder(
  state: SessionState | undefined,
  bounds: SessionBounds = SESSION_BOUNDS,
): SessionFolder {
  return new Folder(state, bounds);
}

class Folder implements SessionFolder {
  readonly #bounds: SessionBounds;
  #start: SessionState | undefined;
  readonly #appliedBefore: number;
  #applied: number;
  /** Offsets added while they ascended; all of them, as a set, once one did not. */
  readonly #ascending: number[] = [];
  #seen: Set<number> | undefined;

  #createdAt = Number.POSITIVE_INFINITY;
  #latestRequestAt = Number.NEGATIVE_INFINITY;
  #latestResponseAt = Number.NEGATIVE_INFINITY;
  #lastReceivedAt = Number.NEGATIVE_INFINITY;
  #latestName: SessionState['latestName'];
  #requests: number;
  #errors: number;
  #unpriced: number;
  #costPico: bigint;

  readonly #promptTokens: TokenSum;
  readonly #completionTokens: TokenSum;
  readonly #reasoningTokens: TokenSum;
  readonly #promptCacheReadTokens: TokenSum;
  readonly #promptCacheWriteTokens: TokenSum;
  readonly #promptAudioTokens: TokenSum;
  readonly #completionAudioTokens: TokenSum;
  readonly #latencyMsSum: TokenSum;

  readonly #names: StringsCollector;
  readonly #userIds: StringsCollector;
  readonly #models: StringsCollector;
  readonly #providers: StringsCollector;
  readonly #statuses: StatusCounter;
  readonly #properties: PropertiesCollector;
  #latencyBuckets: Map<number, number> | undefined;
  #bodiesDeleted: boolean;
  readonly #paths: PathTotalsCollector;
  readonly #steps: StepsCollector;
  readonly #chosenIds: ChosenIdWindow;
  readonly #annotations: FoldedAnnotation[] = [];

  constructor(state: SessionState | undefined, bounds: SessionBounds) {
    this.#bounds = bounds;
    this.#start = state;
    this.#applied = state?.applied ?? -1;
    this.#appliedBefore = this.#applied;
    if (state !== undefined) this.#lastReceivedAt = state.lastReceivedAt;
    if (state !== undefined && state.requests > 0) {
      this.#createdAt = state.createdAt;
      this.#latestRequestAt = state.latestRequestAt;
      this.#latestResponseAt = state.latestResponseAt;
    }
    this.#latestName = state?.latestName ?? null;
    this.#requests = state?.requests ?? 0;
    this.#errors = state?.errors ?? 0;
    this.#unpriced = state?.unpriced ?? 0;
    this.#costPico = state?.costPico ?? 0n;
    this.#promptTokens = new TokenSum(state?.promptTokens);
    this.#completionTokens = new TokenSum(state?.completionTokens);
    this.#reasoningTokens = new TokenSum(state?.reasoningTokens);
    this.#promptCacheReadTokens = new TokenSum(state?.promptCacheReadTokens);
    this.#promptCacheWriteTokens = new TokenSum(state?.promptCacheWriteTokens);
    this.#promptAudioTokens = new TokenSum(state?.promptAudioTokens);
    this.#completionAudioTokens = new TokenSum(state?.completionAudioTokens);
    this.#latencyMsSum = new TokenSum(state?.latencyMsSum);
    this.#names = new StringsCollector(state?.names ?? NO_STRINGS, bounds.names);
    this.#userIds = new StringsCollector(state?.userIds ?? NO_STRINGS, bounds.userIds);
    this.#models = new StringsCollector(state?.models ?? NO_STRINGS, bounds.models);
    this.#providers = new StringsCollector(state?.providers ?? NO_STRINGS, bounds.providers);
    this.#statuses = new StatusCounter(state, bounds.statusesMax);
    this.#properties = new PropertiesCollector(state, bounds);
    this.#bodiesDeleted = state?.bodiesDeleted ?? false;
    this.#paths = new PathTotalsCollector(state?.paths ?? NO_PATHS, state?.otherPaths ?? null, bounds.paths);
    this.#steps = new StepsCollector(state === undefined ? NO_STEPS : state.steps, bounds);
    this.#chosenIds = new ChosenIdWindow(state?.chosenIds ?? NO_IDS, bounds.chosenIdsMax);
  }

  add(row: FoldedRow): boolean {
    const start = this.#startWith(row);
    if (!this.#isNew(row.source_offset)) return false;

    const startedAt = row.ordered_at;
    const latency = wholeNumber(row.latency_ms);
    // Not `response_at`: beside a clamped start it would make a duration of years.
    const endedAt = startedAt + latency;
    if (startedAt < this.#createdAt) this.#createdAt = startedAt;
    if (startedAt > this.#latestRequestAt) this.#latestRequestAt = startedAt;
    if (endedAt > this.#latestResponseAt) this.#latestResponseAt = endedAt;
    if (row.received_at > this.#lastReceivedAt) this.#lastReceivedAt = row.received_at;

    if (row.session_name !== '') this.#addName(row);
    if (row.user_id !== '') this.#userIds.add(row.user_id);
    if (row.model !== '') this.#models.add(row.model);
    if (row.provider !== '') this.#providers.add(row.provider);
    this.#statuses.add(row.status);
    this.#properties.add(row.properties);
    for (const [key, values] of row.former_properties) {
      for (const value of values) this.#properties.add([[key, value]]);
    }

    this.#requests++;
    if (row.is_error) this.#errors++;
    if (row.cost_pico === null) this.#unpriced++;
    else this.#costPico += row.cost_pico;
    const promptTokens = wholeNumber(row.prompt_tokens);
    const completionTokens = wholeNumber(row.completion_tokens);
    this.#promptTokens.add(promptTokens);
    this.#completionTokens.add(completionTokens);
    this.#reasoningTokens.add(wholeNumber(row.reasoning_tokens));
    this.#promptCacheReadTokens.add(wholeNumber(row.prompt_cache_read_tokens));
    this.#promptCacheWriteTokens.add(wholeNumber(row.prompt_cache_write_tokens));
    this.#promptAudioTokens.add(wholeNumber(row.prompt_audio_tokens));
    this.#completionAudioTokens.add(wholeNumber(row.completion_audio_tokens));
    this.#latencyMsSum.add(latency);

    this.#latencyBuckets ??= new Map(start.latencyBuckets);
    const bucket = latencyBucket(latency);
    this.#latencyBuckets.set(bucket, (this.#latencyBuckets.get(bucket) ?? 0) + 1);

    this.#paths.add(row.session_path, {
      isError: row.is_error,
      costPico: row.cost_pico,
      promptTokens,
      completionTokens,
      latency,
      startedAt,
      endedAt,
    });
    this.#steps.add(startedAt, row.session_path, row.is_error, row.cost_pico);
    if (row.request_id_chosen) this.#chosenIds.add(row.request_id, row.source_offset);
    if (row.bodies_deleted) this.#bodiesDeleted = true;
    return true;
  }

  annotate(annotation: FoldedAnnotation): boolean {
    this.#startWith(annotation);
    if (!this.#isNew(annotation.source_offset)) return false;
    if (annotation.received_at > this.#lastReceivedAt) this.#lastReceivedAt = annotation.received_at;
    // The request's own scores are asked of its row.
    if (annotation.target === 'session') this.#annotations.push(annotation);
    else if (annotation.kind === 'property') this.#properties.add([[annotation.name, annotation.value]]);
    return true;
  }

  result(): SessionState {
    const start = this.#start;
    if (start === undefined) throw new Error('no row was added to a session not known yet');
    if (this.#ascending.length === 0) return start;
    return {
      ...start,
      applied: this.#applied,
      createdAt: this.#requests > 0 ? this.#createdAt : 0,
      latestRequestAt: this.#requests > 0 ? this.#latestRequestAt : 0,
      latestResponseAt: this.#requests > 0 ? this.#latestResponseAt : 0,
      lastReceivedAt: this.#lastReceivedAt,
      latestName: this.#latestName,
      names: this.#names.result(),
      userIds: this.#userIds.result(),
      models: this.#models.result(),
      providers: this.#providers.result(),
      ...this.#statuses.result(),
      ...this.#properties.result(),
      requests: this.#requests,
      errors: this.#errors,
      unpriced: this.#unpriced,
      costPico: this.#costPico,
      promptTokens: this.#promptTokens.result(),
      completionTokens: this.#completionTokens.result(),
      reasoningTokens: this.#reasoningTokens.result(),
      promptCacheReadTokens: this.#promptCacheReadTokens.result(),
      promptCacheWriteTokens: this.#promptCacheWriteTokens.result(),
      promptAudioTokens: this.#promptAudioTokens.result(),
      completionAudioTokens: this.#completionAudioTokens.result(),
      latencyMsSum: this.#latencyMsSum.result(),
      latencyBuckets: this.#latencyBuckets ?? start.latencyBuckets,
      ...this.#paths.result(),
      steps: this.#steps.result(),
      chosenIds: this.#chosenIds.result(),
      bodiesDeleted: this.#bodiesDeleted,
      ...annotated(start, this.#annotations, this.#bounds.scores),
    };
  }

  #startWith(item: FoldedRow | FoldedAnnotation): SessionState {
    this.#start ??= newSession(item);
    const start = this.#start;
    if (item.session_id !== start.sessionId || item.tenant_id !== start.tenantId) {
      throw new Error(
        `a row of session ${JSON.stringify(item.session_id)} is no row of ${JSON.stringify(start.sessionId)}`,
      );
    }
    return start;
  }

  #isNew(offset: number): boolean {
    if (offset <= this.#appliedBefore) return false;
    if (offset > this.#applied) {
      this.#applied = offset;
    } else {
      // Only a rebuild delivers rows out of order; the live path never makes the set.
      this.#seen ??= new Set(this.#ascending);
      if (this.#seen.has(offset)) return false;
    }
    this.#seen?.add(offset);
    this.#ascending.push(offset);
    return true;
  }

  #addName(row: FoldedRow): void {
    const name = row.session_name;
    this.#names.add(name);
    const latest = this.#latestName;
    const at = row.ordered_at;
    if (latest !== null && (at < latest.at || (at === latest.at && row.event_id <= latest.eventId))) return;
    this.#latestName = { name: cutText(name, this.#bounds.latestNameCharsMax), at, eventId: row.event_id };
  }
}

/** Status → count, the statuses smallest by hash. A status that stays was counted from its first call on. */
class StatusCounter {
  readonly #start: Pick<SessionState, 'statuses' | 'statusesOverflowed'>;
  readonly #max: number;
  #counts: Map<number, number> | undefined;
  #smallest: SmallestByHash | undefined;
  #overflowed: boolean;

  constructor(start: Pick<SessionState, 'statuses' | 'statusesOverflowed'> | undefined, max: number) {
    this.#start = start ?? { statuses: new Map(), statusesOverflowed: false };
    this.#max = max;
    this.#overflowed = this.#start.statusesOverflowed;
  }

  add(status: number): void {
    this.#counts ??= new Map(this.#start.statuses);
    const counts = this.#counts;
    const count = counts.get(status);
    if (count === undefined && counts.size >= this.#max) {
      this.#smallest ??= new SmallestByHash(this.#max);
      this.#overflowed = true;
      const leaver = this.#smallest.admit(String(status), {
        size: counts.size,
        keys: () => Array.from(counts.keys(), String),
      });
      if (leaver === String(status)) return;
      counts.delete(Number(leaver));
    }
    counts.set(status, (count ?? 0) + 1);
  }

  result(): Pick<SessionState, 'statuses' | 'statusesOverflowed'> {
    return { statuses: this.#counts ?? this.#start.statuses, statusesOverflowed: this.#overflowed };
  }
}

/** Property key → values. The session's own keys are left to `describeSession`, which derives them. */
class PropertiesCollector {
  readonly #start: ReadonlyMap<string, BoundedStrings>;
  readonly #bounds: SessionBounds;
  #collectors: Map<string, StringsCollector> | undefined;
  #smallest: SmallestByHash | undefined;
  #overflowed: boolean;

  constructor(start: Pick<SessionState, 'properties' | 'propertiesOverflowed'> | undefined, bounds: SessionBounds) {
    this.#start = start?.properties ?? new Map();
    this.#overflowed = start?.propertiesOverflowed ?? false;
    this.#bounds = bounds;
  }

  add(properties: RequestRow['properties']): void {
    for (let i = 0; i < properties.length; i++) {
      const [key, value] = properties[i]!;
      if (key === SESSION_ID_PROPERTY || key === SESSION_NAME_PROPERTY || key === SESSION_PATH_PROPERTY) continue;
      // Of a key given twice the later pair is the property.
      if (isGivenAgain(properties, i)) continue;
      this.#collector(key)?.add(value);
    }
  }

  result(): Pick<SessionState, 'properties' | 'propertiesOverflowed'> {
    if (this.#collectors === undefined) return { properties: this.#start, propertiesOverflowed: this.#overflowed };
    const properties = new Map<string, BoundedStrings>();
    for (const [key, collector] of this.#collectors) properties.set(key, collector.result());
    if (properties.size >= this.#bounds.propertyKeys.countMax) this.#smallest?.remember(properties);
    return { properties, propertiesOverflowed: this.#overflowed };
  }

  /** Undefined for a key that finds no room. */
  #collector(key: string): StringsCollector | undefined {
    this.#collectors ??= new Map(
      Array.from(this.#start, ([name, values]) => [name, new StringsCollector(values, this.#bounds.propertyValues)]),
    );
    const known = this.#collectors.get(key);
    if (known !== undefined) return known;
    const { countMax, charsMax } = this.#bounds.propertyKeys;
    if (key.length > charsMax) {
      this.#overflowed = true;
      return undefined;
    }
    this.#smallest ??= new SmallestByHash(countMax, this.#start);
    const leaver = this.#smallest.admit(key, this.#collectors);
    if (leaver !== undefined) this.#overflowed = true;
    if (leaver === key) return undefined;
    if (leaver !== undefined) this.#collectors.delete(leaver);
    const collector = new StringsCollector(NO_STRINGS, this.#bounds.propertyValues);
    this.#collectors.set(key, collector);
    return collector;
  }
}

function isGivenAgain(properties: RequestRow['properties'], index: number): boolean {
  const key = properties[index]![0];
  for (let i = index + 1; i < properties.length; i++) if (properties[i]![0] === key) return true;
  return false;
}

/** At most `charsMax` code units, without half a surrogate pair at the end. */
function cutText(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const code = text.charCodeAt(charsMax - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? charsMax - 1 : charsMax);
}

const NO_PATHS: ReadonlyMap<string, PathTotals> = new Map();
const NO_STEPS: SessionState['steps'] = [];
const NO_IDS: ReadonlyMap<string, number> = new Map();

type Annotated = Pick<SessionState, 'tag' | 'feedback' | 'scores'>;

/** What annotations of the session itself leave: of each thing set, the latest by log position. */
function annotated(start: Annotated, annotations: readonly FoldedAnnotation[], bound: StringsBound): Annotated {
  let { tag, feedback, scores } = start;
  for (const annotation of annotations.toSorted((a, b) => a.source_offset - b.source_offset)) {
    const change = changeOf(annotation);
    if (change.kind === 'tag') tag = change.tag === '' ? null : change.tag;
    else if (change.kind === 'feedback') feedback = change.rating;
    else if (change.kind === 'score') scores = withScores(scores, change.scores, bound);
  }
  return { tag, feedback, scores };
}

/** The first names that come find room: they come in the order of the log, however often that is read. */
function withScores(
  scores: ReadonlyMap<string, number>,
  set: readonly (readonly [name: string, value: number])[],
  { countMax, charsMax }: StringsBound,
): ReadonlyMap<string, number> {
  const next = new Map(scores);
  for (const [name, value] of set) {
    if (name.length <= charsMax && (next.has(name) || next.size < countMax)) next.set(name, value);
  }
  return next;
}

function newSession(row: FoldedRow | FoldedAnnotation): SessionState {
  return {
    tenantId: row.tenant_id,
    sessionId: row.session_id,
    partition: row.source_partition,
    applied: -1,
    snapshotVersion: 0n,
    publishedCreatedAt: null,
    createdAt: 0,
    latestRequestAt: 0,
    latestResponseAt: 0,
    lastReceivedAt: 0,
    latestName: null,
    names: NO_STRINGS,
    userIds: NO_STRINGS,
    models: NO_STRINGS,
    providers: NO_STRINGS,
    statuses: new Map(),
    statusesOverflowed: false,
    properties: new Map(),
    propertiesOverflowed: false,
    requests: 0,
    errors: 0,
    unpriced: 0,
    costPico: 0n,
    promptTokens: 0n,
    completionTokens: 0n,
    reasoningTokens: 0n,
    promptCacheReadTokens: 0n,
    promptCacheWriteTokens: 0n,
    promptAudioTokens: 0n,
    completionAudioTokens: 0n,
    latencyMsSum: 0n,
    latencyBuckets: new Map(),
    paths: NO_PATHS,
    otherPaths: null,
    steps: NO_STEPS,
    chosenIds: NO_IDS,
    tag: null,
    feedback: null,
    scores: new Map(),
    bodiesDeleted: false,
  };
}
