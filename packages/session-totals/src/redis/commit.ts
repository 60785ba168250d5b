import { encodeFence, encodePartitionState } from '../partition-codec.ts';
import type { SessionState } from '../session-state.ts';
import {
  type Fence,
  type PartitionState,
  type SessionChange,
  type SessionRemoval,
  type SessionStub,
  SessionTotalsError,
} from '../session-totals.ts';
import { isRemoval, isStub, packChecked, packSession } from '../stored-value.ts';
import { ACTIVITY_DIGITS, BEGIN_COMMIT, COMMIT_WITHOUT_SESSIONS, END_COMMIT } from './lua-scripts.ts';
import type { RedisConnection } from './open-connection.ts';
import { FIELD_BYTES, ownKeys, type PartitionKeys, sessionField } from './partition-keys.ts';

type Argument = string | Buffer | number;

/** The commands of one commit, ready to be sent. */
export interface PackedCommit {
  readonly commands: readonly (readonly [command: string, args: Argument[]])[];
  /** About what they take on the wire. */
  readonly bytes: number;
}

/**
 * Redis drops a client that sends more than 1 GiB (`client-query-buffer-limit`) in one go, and serves nobody else while it
 * takes in one commit. A usual one of a thousand sessions has half a megabyte.
 */
export const COMMIT_BYTES_MAX = 128 * 1024 * 1024;

/** Beyond the usual time for an answer: what a slow network and a busy Redis take for a large commit. */
const BYTES_PER_SECOND_MIN = 16 * 1024 * 1024;

/** Longest time that a commit may take above the usual one, ms. */
export const COMMIT_EXTRA_MS_MAX = (COMMIT_BYTES_MAX / BYTES_PER_SECOND_MIN) * 1_000;

/** Keeps argument lists short; any number would do. */
const SESSIONS_PER_HSET = 1_000;

/** A session with more requests than these is known to the index as a rule. Only a guess: `END_COMMIT` finds every one. */
const YOUNG_REQUESTS_MAX = 4;

/** @throws SessionTotalsError `full` beyond `COMMIT_BYTES_MAX`, which a smaller batch would not reach. */
export function packCommit(
  keys: PartitionKeys,
  expected: Fence | undefined,
  next: PartitionState,
  sessions: readonly SessionChange[],
): PackedCommit {
  const live = sessions.filter((session): session is SessionState => !isStub(session) && !isRemoval(session));
  const stubs = sessions.filter(
    (session): session is SessionStub | SessionRemoval => isStub(session) || isRemoval(session),
  );

  const fields = live.map(sessionField);
  const values = live.map(packSession);
  const hsets: [string, Argument[]][] = [];
  for (let from = 0; from < live.length; from += SESSIONS_PER_HSET) {
    const args: Argument[] = [keys.open];
    for (let i = from; i < Math.min(from + SESSIONS_PER_HSET, live.length); i++) args.push(fields[i]!, values[i]!);
    hsets.push(['HSET', args]);
  }

  const stubFields = stubs.map(sessionField);
  const names = [...ownKeys(keys), ...stubFields.map(keys.stubs), ...(expected ? [] : keys.allStubs())];
  const expectedFence = expected ? encodeFence(expected) : '';
  const state = packChecked(encodePartitionState(next));
  const args = [
    names.length,
    ...names,
    expectedFence,
    encodeFence(next.fence),
    state,
    stubs.length,
    ...stubs.flatMap((stub, i) => [stubFields[i]!, isRemoval(stub) ? '' : packVersion(stub.snapshotVersion)]),
    activityEntries(live, fields),
  ];

  const bytes = values.reduce((sum, value) => sum + value.length + FIELD_BYTES + 64, state.length);
  if (bytes > COMMIT_BYTES_MAX) {
    throw new SessionTotalsError(
      'full',
      `a commit of ${live.length} sessions has ${bytes} bytes; Redis is given ${COMMIT_BYTES_MAX} at most`,
    );
  }
  if (live.length === 0) return { commands: [['EVAL', [COMMIT_WITHOUT_SESSIONS, ...args]]], bytes };
  const begin = [BEGIN_COMMIT, names.length, ...names, expectedFence];
  return { commands: [['EVAL', begin], ...hsets, ['EVAL', [END_COMMIT, ...args]]], bytes };
}

/**
 * Carries a commit out, in one transaction.
 *
 * @throws SessionTotalsError retryable when it may or may not have been carried out.
 */
export async function runCommit(
  { client, answer }: RedisConnection,
  { commands, bytes }: PackedCommit,
  timeoutMs: number,
): Promise<'committed' | 'refused'> {
  const ms = timeoutMs + Math.ceil((bytes / BYTES_PER_SECOND_MIN) * 1_000);
  return answer(ms, 'commit session totals', send(client, commands));
}

async function send(client: RedisConnection['client'], commands: PackedCommit['commands']) {
  const answers: unknown[] = [];
  if (commands.length === 1) {
    const [[command, args]] = commands as [(typeof commands)[0]];
    answers.push(await client.call(command, ...args));
  } else {
    const transaction = client.multi();
    for (const [command, args] of commands) transaction.call(command, ...args);
    for (const [error, part] of (await transaction.exec()) ?? []) {
      if (error) throw error;
      answers.push(part);
    }
  }
  const begun = answers[0];
  const ended = answers.at(-1);
  if (begun === 1 && ended === 1) return 'committed';
  if (begun === 0 && ended === 0) return 'refused';
  throw new SessionTotalsError('corrupt', `Redis answered a commit with ${begun} and ${ended}`);
}

/** Stored as eight bytes. */
function packVersion(version: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(version);
  return bytes;
}

function activityEntries(live: readonly SessionState[], fields: readonly Buffer[]): Buffer {
  const size = FIELD_BYTES + ACTIVITY_DIGITS;
  const entries = Buffer.allocUnsafe(live.length * size);
  let at = 0;
  const write = (isYoung: boolean) => {
    for (let i = 0; i < live.length; i++) {
      const { requests, lastReceivedAt } = live[i]!;
      if (requests <= YOUNG_REQUESTS_MAX !== isYoung) continue;
      fields[i]!.copy(entries, at);
      entries.write(String(Math.max(0, lastReceivedAt)).padStart(ACTIVITY_DIGITS, '0'), at + FIELD_BYTES, 'latin1');
      at += size;
    }
  };
  write(true);
  write(false);
  return entries;
}
