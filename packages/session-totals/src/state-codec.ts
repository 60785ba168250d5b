import { ByteReader, MalformedBytesError } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { BoundedStrings, PathTotals, SessionState, SessionStep } from './session-state.ts';
import { type SessionKey, SessionTotalsError } from './session-totals.ts';

/** First byte of a packed state. A change of the layout takes the next number; this code then still reads this one. */
const STATE_VERSION = 3;
/** Without steps: those of its calls are not known. */
const STATE_VERSION_BEFORE_STEPS = 2;
/** Without what was deleted: nothing was. */
const STATE_VERSION_BEFORE_DELETION = 1;

/**
 * A session's state as bytes: exact, a tenth of its JSON, and the same for equal states, in whatever order their maps
 * were filled, because every map is written in the order of its keys (`chosenIds` in that of its offsets).
 *
 * Ten requests take about 500 bytes. Field by field as the interface lists them; numbers as LEB128 (signed ones
 * zigzag), times relative to `createdAt`, strings with their length.
 */
export function encodeSessionState(state: SessionState): Buffer {
  const out = new ByteWriter();
  out.byte(STATE_VERSION);
  out.string(state.tenantId);
  out.string(state.sessionId);
  out.varint(state.partition);
  out.signed(state.applied);
  out.bigint(state.snapshotVersion);

  const { createdAt } = state;
  out.signed(createdAt);
  writeNullable(out, state.publishedCreatedAt, (at) => out.signed(at - createdAt));
  out.signed(state.latestRequestAt - createdAt);
  out.signed(state.latestResponseAt - createdAt);
  out.signed(state.lastReceivedAt - createdAt);
  writeNullable(out, state.latestName, ({ name, at, eventId }) => {
    out.string(name);
    out.signed(at - createdAt);
    writeId(out, eventId);
  });

  writeStrings(out, state.names);
  writeStrings(out, state.userIds);
  writeStrings(out, state.models);
  writeStrings(out, state.providers);
  writeNumberMap(out, state.statuses);
  out.byte(state.statusesOverflowed ? 1 : 0);
  out.varint(state.properties.size);
  for (const [key, values] of inKeyOrder(state.properties)) {
    out.string(key);
    writeStrings(out, values);
  }
  out.byte(state.propertiesOverflowed ? 1 : 0);

  out.varint(state.requests);
  out.varint(state.errors);
  out.varint(state.unpriced);
  for (const field of BIGINT_FIELDS) out.bigint(state[field]);
  writeNumberMap(out, state.latencyBuckets);

  out.varint(state.paths.size);
  const paths = inKeyOrder(state.paths);
  for (const [path, totals] of paths) {
    out.string(path);
    writePathTotals(out, totals, createdAt);
  }
  writeNullable(out, state.otherPaths, (totals) => writePathTotals(out, totals, createdAt));
  writeChosenIds(out, state.chosenIds);

  writeNullable(out, state.tag, (tag) => out.string(tag));
  writeNullable(out, state.feedback, (feedback) => out.byte(feedback ? 1 : 0));
  out.varint(state.scores.size);
  for (const [name, score] of inKeyOrder(state.scores)) {
    out.string(name);
    out.float64(score);
  }
  out.byte(state.bodiesDeleted ? 1 : 0);
  writeSteps(out, state, paths);
  return out.finish();
}

/**
 * The state that `encodeSessionState` packed.
 *
 * @throws SessionTotalsError `corrupt` for bytes that are no packed state, or one of a version that this code does not
 *   know: the data was written by a newer version of the product.
 */
export function decodeSessionState(bytes: Uint8Array): SessionState {
  return decoding('session state', () => {
    const { input, version } = openState(bytes);
    const state = readState(input, version);
    input.end();
    return state;
  });
}

/** Whose state it is, without unpacking the rest. @throws SessionTotalsError as `decodeSessionState`. */
export function decodeSessionKey(bytes: Uint8Array): SessionKey {
  return decoding('session state', () => {
    const { input } = openState(bytes);
    return { tenantId: input.string(), sessionId: input.string() };
  });
}

/** Runs a decoder and says `corrupt` for bytes that it cannot read. */
export function decoding<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof MalformedBytesError)) throw error;
    throw new SessionTotalsError('corrupt', `a stored ${what} cannot be read: ${error.message}`, { cause: error });
  }
}

function openState(bytes: Uint8Array): { input: ByteReader; version: number } {
  const input = new ByteReader(bytes);
  const version = input.byte();
  if (version < STATE_VERSION_BEFORE_DELETION || version > STATE_VERSION) {
    throw new MalformedBytesError(`its version is ${version}, known is ${STATE_VERSION}`);
  }
  return { input, version };
}

function readState(input: ByteReader, version: number): SessionState {
  const tenantId = input.string();
  const sessionId = input.string();
  const partition = input.varint();
  const applied = input.signed();
  const snapshotVersion = input.bigint();

  const createdAt = input.signed();
  const publishedCreatedAt = readNullable(input, () => createdAt + input.signed());
  const latestRequestAt = createdAt + input.signed();
  const latestResponseAt = createdAt + input.signed();
  const lastReceivedAt = createdAt + input.signed();
  const latestName = readNullable(input, () => ({
    name: input.string(),
    at: createdAt + input.signed(),
    eventId: readId(input),
  }));

  const names = readStrings(input);
  const userIds = readStrings(input);
  const models = readStrings(input);
  const providers = readStrings(input);
  const statuses = readNumberMap(input);
  const statusesOverflowed = input.byte() === 1;
  const properties = readMap(input, () => readStrings(input));
  const propertiesOverflowed = input.byte() === 1;

  const requests = input.varint();
  const errors = input.varint();
  const unpriced = input.varint();
  const sums = {} as Record<(typeof BIGINT_FIELDS)[number], bigint>;
  for (const field of BIGINT_FIELDS) sums[field] = input.bigint();
  const latencyBuckets = readNumberMap(input);
  const paths = readMap(input, () => readPathTotals(input, createdAt));
  const otherPaths = readNullable(input, () => readPathTotals(input, createdAt));
  const chosenIds = readChosenIds(input);

  const tag = readNullable(input, () => input.string());
  const feedback = readNullable(input, () => input.byte() === 1);
  const scores = readMap(input, () => input.float64());
  const bodiesDeleted = version > STATE_VERSION_BEFORE_DELETION && input.byte() === 1;
  const isBeforeSteps = version <= STATE_VERSION_BEFORE_STEPS;
  // A session that was only tagged yet has no step that could be missing.
  const steps = isBeforeSteps ? (requests > 0 ? null : []) : readSteps(input, createdAt, paths);

  return {
    tenantId,
    sessionId,
    partition,
    applied,
    snapshotVersion,
    publishedCreatedAt,
    createdAt,
    latestRequestAt,
    latestResponseAt,
    lastReceivedAt,
    latestName,
    names,
    userIds,
    models,
    providers,
    statuses,
    statusesOverflowed,
    properties,
    propertiesOverflowed,
    requests,
    errors,
    unpriced,
    ...sums,
    latencyBuckets,
    paths,
    otherPaths,
    steps,
    chosenIds,
    tag,
    feedback,
    scores,
    bodiesDeleted,
  };
}

/** In the order in which they are packed. */
const BIGINT_FIELDS = [
  'costPico',
  'promptTokens',
  'completionTokens',
  'reasoningTokens',
  'promptCacheReadTokens',
  'promptCacheWriteTokens',
  'promptAudioTokens',
  'completionAudioTokens',
  'latencyMsSum',
] as const satisfies (keyof SessionState)[];

function writeNullable<T>(out: ByteWriter, value: T | null, write: (value: T) => void): void {
  out.byte(value === null ? 0 : 1);
  if (value !== null) write(value);
}

function readNullable<T>(input: ByteReader, read: () => T): T | null {
  return input.byte() === 0 ? null : read();
}

function writeStrings(out: ByteWriter, { values, overflowed }: BoundedStrings): void {
  out.varint(values.length * 2 + (overflowed ? 1 : 0));
  for (const value of values) out.string(value);
}

function readStrings(input: ByteReader): BoundedStrings {
  const head = input.varint();
  const count = Math.floor(head / 2);
  if (count > input.left) throw new MalformedBytesError(`${count} strings cannot follow`);
  const values: string[] = [];
  for (let i = 0; i < count; i++) values.push(input.string());
  return { values, overflowed: head % 2 === 1 };
}

/** Whole numbers → counts, ascending; keys as distances. */
function writeNumberMap(out: ByteWriter, map: ReadonlyMap<number, number>): void {
  out.varint(map.size);
  let previous = 0;
  for (const [key, count] of [...map].sort((a, b) => a[0] - b[0])) {
    out.signed(key - previous);
    out.varint(count);
    previous = key;
  }
}

function readNumberMap(input: ByteReader): Map<number, number> {
  const map = new Map<number, number>();
  let key = 0;
  for (let left = input.count(2); left > 0; left--) {
    key += input.signed();
    map.set(key, input.varint());
  }
  return map;
}

function readMap<T>(input: ByteReader, readValue: () => T): Map<string, T> {
  const map = new Map<string, T>();
  for (let left = input.count(2); left > 0; left--) map.set(input.string(), readValue());
  return map;
}

function inKeyOrder<T>(map: ReadonlyMap<string, T>): (readonly [string, T])[] {
  return [...map].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

function writePathTotals(out: ByteWriter, totals: PathTotals, createdAt: number): void {
  out.varint(totals.requests);
  out.varint(totals.errors);
  out.varint(totals.unpriced);
  out.bigint(totals.costPico);
  out.bigint(totals.promptTokens);
  out.bigint(totals.completionTokens);
  out.bigint(totals.latencyMsSum);
  out.signed(totals.firstAt - createdAt);
  out.signed(totals.lastAt - totals.firstAt);
}

function readPathTotals(input: ByteReader, createdAt: number): PathTotals {
  const requests = input.varint();
  const errors = input.varint();
  const unpriced = input.varint();
  const costPico = input.bigint();
  const promptTokens = input.bigint();
  const completionTokens = input.bigint();
  const latencyMsSum = input.bigint();
  const firstAt = createdAt + input.signed();
  const lastAt = firstAt + input.signed();
  return { requests, errors, unpriced, costPico, promptTokens, completionTokens, latencyMsSum, firstAt, lastAt };
}

/**
 * 0 where they are not known. Times as distances; paths by their place among the session's, behind those the text itself,
 * 0 for none.
 */
function writeSteps(
  out: ByteWriter,
  { steps, createdAt }: SessionState,
  paths: readonly (readonly [string, PathTotals])[],
): void {
  out.varint(steps === null ? 0 : steps.length + 1);
  if (steps === null || steps.length === 0) return;
  const places = new Map<string | null, number>([[null, 0]]);
  for (let i = 0; i < paths.length; i++) places.set(paths[i]![0], i + 1);
  let at = createdAt;
  for (const { at: startedAt, path, isError, costPico } of steps) {
    const place = places.get(path);
    out.signed(startedAt - at);
    out.varint((place ?? paths.length + 1) * 2 + (isError ? 1 : 0));
    if (place === undefined) out.string(path!);
    out.bigint(costPico);
    at = startedAt;
  }
}

function readSteps(
  input: ByteReader,
  createdAt: number,
  paths: ReadonlyMap<string, PathTotals>,
): readonly SessionStep[] | null {
  const head = input.varint();
  if (head === 0) return null;
  if ((head - 1) * STEP_BYTES_MIN > input.left) throw new MalformedBytesError(`${head - 1} steps cannot follow`);
  const names = [...paths.keys()];
  const steps: SessionStep[] = [];
  let at = createdAt;
  for (let left = head - 1; left > 0; left--) {
    at += input.signed();
    const packed = input.varint();
    const place = Math.floor(packed / 2);
    if (place > names.length + 1) throw new MalformedBytesError(`there is no path ${place}`);
    const path = place === 0 ? null : (names[place - 1] ?? input.string());
    steps.push({ at, path, isError: packed % 2 === 1, costPico: input.bigint() });
  }
  return steps;
}

const STEP_BYTES_MIN = 3;

function writeChosenIds(out: ByteWriter, ids: ReadonlyMap<string, number>): void {
  out.varint(ids.size);
  let previous = 0;
  for (const [id, offset] of [...ids].sort((a, b) => a[1] - b[1])) {
    writeId(out, id);
    out.signed(offset - previous);
    previous = offset;
  }
}

function readChosenIds(input: ByteReader): Map<string, number> {
  const ids = new Map<string, number>();
  let offset = 0;
  for (let left = input.count(2); left > 0; left--) {
    const id = readId(input);
    offset += input.signed();
    ids.set(id, offset);
  }
  return ids;
}

const IS_UUID = 1;
const IS_TEXT = 0;
// Lower case only: the bytes of a UUID do not say how it was spelled.
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID as its 16 bytes, any other text as it is. */
function writeId(out: ByteWriter, id: string): void {
  if (id.length !== 36 || !UUID.test(id)) {
    out.byte(IS_TEXT);
    out.string(id);
    return;
  }
  out.byte(IS_UUID);
  for (let i = 0; i < 36; i += 2) {
    if (id[i] === '-') i++;
    out.byte((hexDigit(id.charCodeAt(i)) << 4) | hexDigit(id.charCodeAt(i + 1)));
  }
}

/** Of a lower-case digit: '0' is 48, 'a' is 97. */
function hexDigit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}

function readId(input: ByteReader): string {
  if (input.byte() === IS_TEXT) return input.string();
  const hex = input.bytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
