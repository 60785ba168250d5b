import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import { ByteReader, MalformedBytesError } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type {
  Checkpoint,
  Fence,
  PartitionState,
  ProducerProgress,
  SessionKey,
  TenantCounters,
} from './session-totals.ts';
import { decoding } from './state-codec.ts';

/** First byte of a packed partition state and of a packed fence. */
const PARTITION_VERSION = 1;

/** A fence as bytes; equal fences give equal bytes, so that a store can compare them. */
export function encodeFence(fence: Fence): Buffer {
  const out = new ByteWriter();
  out.byte(PARTITION_VERSION);
  out.string(fence.logId);
  out.signed(fence.offset);
  out.varint(fence.epoch);
  return out.finish();
}

/** @throws SessionTotalsError `corrupt` for bytes that are no fence of a known version. */
export function decodeFence(bytes: Uint8Array): Fence {
  return decoding('fence', () => {
    const input = open(bytes);
    const fence = { logId: input.string(), offset: input.signed(), epoch: input.varint() };
    input.end();
    return fence;
  });
}

/** A partition's state without its fence, which is stored beside it. Equal states give equal bytes. */
export function encodePartitionState(state: Omit<PartitionState, 'fence'>): Buffer {
  const out = new ByteWriter();
  out.byte(PARTITION_VERSION);
  out.signed(state.committedAt);
  writeMap(out, state.producers, (producer) => writeProducer(out, producer));
  writeMap(out, state.tenants, (counters) => writeCounters(out, counters));
  out.varint(state.checkpoints.length);
  for (const { offset, at } of state.checkpoints) {
    out.signed(offset);
    out.signed(at);
  }
  out.varint(state.recentExceptions.length);
  for (const row of state.recentExceptions) writeException(out, row);
  out.varint(state.unpublished.length);
  for (const key of state.unpublished) {
    out.string(key.tenantId);
    out.string(key.sessionId);
  }
  return out.finish();
}

/** @throws SessionTotalsError `corrupt` for bytes that are no partition state of a known version. */
export function decodePartitionState(bytes: Uint8Array, fence: Fence): PartitionState {
  return decoding('partition state', () => {
    const input = open(bytes);
    const committedAt = input.signed();
    const producers = readMap(input, () => readProducer(input));
    const tenants = readMap(input, () => readCounters(input));
    const checkpoints: Checkpoint[] = [];
    for (let left = input.count(2); left > 0; left--) checkpoints.push({ offset: input.signed(), at: input.signed() });
    const recentExceptions: LedgerExceptionRow[] = [];
    for (let left = input.count(); left > 0; left--) recentExceptions.push(readException(input));
    const unpublished: SessionKey[] = [];
    for (let left = input.count(2); left > 0; left--) {
      unpublished.push({ tenantId: input.string(), sessionId: input.string() });
    }
    input.end();
    return { fence, producers, tenants, checkpoints, recentExceptions, unpublished, committedAt };
  });
}

function open(bytes: Uint8Array): ByteReader {
  const input = new ByteReader(bytes);
  const version = input.byte();
  if (version !== PARTITION_VERSION) {
    throw new MalformedBytesError(`its version is ${version}, known is ${PARTITION_VERSION}`);
  }
  return input;
}

function writeProducer(out: ByteWriter, producer: ProducerProgress): void {
  out.signed(producer.lastSeq);
  out.signed(producer.lastSeenAt);
  out.byte(producer.closed ? 1 : 0);
  out.varint(producer.holes.length);
  for (const [from, through] of producer.holes) {
    out.varint(from);
    out.varint(through - from);
  }
}

function readProducer(input: ByteReader): ProducerProgress {
  const lastSeq = input.signed();
  const lastSeenAt = input.signed();
  const closed = input.byte() === 1;
  const holes: [from: number, through: number][] = [];
  for (let left = input.count(2); left > 0; left--) {
    const from = input.varint();
    holes.push([from, from + input.varint()]);
  }
  return { lastSeq, holes, lastSeenAt, closed };
}

function writeCounters(out: ByteWriter, counters: TenantCounters): void {
  out.varint(counters.requests);
  out.varint(counters.errors);
  out.varint(counters.unpriced);
  out.bigint(counters.costPico);
  out.bigint(counters.promptTokens);
  out.bigint(counters.completionTokens);
  const byKind: Record<string, number> = { ...counters.exceptions };
  if (counters.annotations > 0) byKind[ANNOTATIONS] = counters.annotations;
  const kinds = Object.keys(byKind).sort();
  out.varint(kinds.length);
  for (const kind of kinds) {
    out.string(kind);
    out.varint(byKind[kind]!);
  }
}

/** Packed among the exceptions, of which none is of this kind: a version from before annotations reads and keeps it. */
const ANNOTATIONS = 'annotation';

function readCounters(input: ByteReader): TenantCounters {
  const requests = input.varint();
  const errors = input.varint();
  const unpriced = input.varint();
  const costPico = input.bigint();
  const promptTokens = input.bigint();
  const completionTokens = input.bigint();
  const byKind = readMap(input, () => input.varint());
  const annotations = byKind.get(ANNOTATIONS) ?? 0;
  byKind.delete(ANNOTATIONS);
  const exceptions = Object.fromEntries(byKind);
  return { requests, errors, unpriced, costPico, promptTokens, completionTokens, annotations, exceptions };
}

function writeException(out: ByteWriter, row: LedgerExceptionRow): void {
  out.varint(row.source_partition);
  out.varint(row.source_offset);
  out.varint(row.through_offset - row.source_offset);
  out.string(row.kind);
  out.string(row.reason);
  out.string(row.tenant_id);
  out.string(row.event_id);
  out.string(row.request_id);
  out.string(row.producer_id);
  out.signed(row.producer_seq);
  out.varint(row.count);
  out.signed(row.received_at);
  out.bigint(row.version);
}

function readException(input: ByteReader): LedgerExceptionRow {
  const source_partition = input.varint();
  const source_offset = input.varint();
  return {
    source_partition,
    source_offset,
    through_offset: source_offset + input.varint(),
    kind: input.string() as LedgerExceptionRow['kind'],
    reason: input.string(),
    tenant_id: input.string(),
    event_id: input.string(),
    request_id: input.string(),
    producer_id: input.string(),
    producer_seq: input.signed(),
    count: input.varint(),
    received_at: input.signed(),
    version: input.bigint(),
  };
}

function writeMap<T>(out: ByteWriter, map: ReadonlyMap<string, T>, writeValue: (value: T) => void): void {
  out.varint(map.size);
  for (const [key, value] of [...map].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    out.string(key);
    writeValue(value);
  }
}

function readMap<T>(input: ByteReader, readValue: () => T): Map<string, T> {
  const map = new Map<string, T>();
  for (let left = input.count(2); left > 0; left--) map.set(input.string(), readValue());
  return map;
}
