import { z } from 'zod';
import { count, envelope, timestampText } from './answer-parts.ts';

const position = z.int().meta({ description: 'A place in the log' });

/** Answer of `GET /v1/system/status`. Null: it could not be found out now, and `checks` says why. */
export const statusAnswer = envelope(
  z.strictObject({
    version: z.string().meta({ description: 'Of Throughline' }),
    schema: z.int().nullable().meta({ description: 'The newest migration of the analytics store' }),
    node: z.string(),
    engine: z.string().nullable().meta({ description: 'Version of ClickHouse' }),
    mode: z.enum(['embedded', 'servers']).meta({
      description: '`embedded`: everything in one process. `servers`: this process answers queries, over servers',
    }),
    started_at: timestampText,
    uptime_ms: count.meta({ description: 'Of this process' }),
    tables: z
      .array(z.strictObject({ name: z.string(), rows: count, bytes: count }))
      .nullable()
      .meta({ description: 'Of the analytics store, the largest first; over servers, of the one that is asked' }),
    totals: z.strictObject({ sessions: count, bytes: count }).nullable().meta({ description: 'Live totals' }),
    log_bytes: count.nullable().meta({ description: 'Of the event log on disk; null over servers' }),
    partitions: z.array(
      z.strictObject({
        partition: z.int(),
        logged: position
          .nullable()
          .meta({ description: 'Events that the log has given a place; null: it does not answer' }),
        applied: position.meta({ description: 'Of them, those that totals show' }),
        shown: position.meta({ description: 'Of them, those that lists show' }),
        behind_ms: count.nullable().meta({
          description:
            'The oldest event that is not applied has waited so long at most; null while nobody has applied any',
        }),
      }),
    ),
    outbox: z.strictObject({ events: count, bytes: count, oldest_ms: count }).nullable().meta({
      description:
        'What this process has accepted and not sent yet; null where there is none. Those of gateways are in their metrics',
    }),
    checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), reason: z.string().nullable() })),
  }),
);

const byKind = z
  .record(z.string(), count)
  .meta({ description: 'By kind: resent, duplicate, refused, dead, control, …' });

/** Answer of `GET /v1/system/ledger`. */
export const ledgerAnswer = envelope(
  z.strictObject({
    minutes: z
      .array(
        z.strictObject({
          at: timestampText.meta({ description: 'When the minute begins, by the time at which events were accepted' }),
          accepted: count.meta({ description: 'Calls and annotations, each once however often it was sent' }),
          logged: count.meta({ description: 'Places in the log that are accounted for' }),
          stored: count.meta({ description: 'Rows of calls and annotations' }),
          totalled: count.meta({ description: 'Of them, those that totals have applied' }),
          refused: count.meta({ description: 'Calls that the log had no room for' }),
          exceptions: byKind,
        }),
      )
      .meta({ description: 'Minutes in which anything was accepted, ascending' }),
    partitions: z.array(
      z.strictObject({
        partition: z.int(),
        logged: position.nullable(),
        applied: position,
        waiting: count.nullable().meta({ description: 'Logged and not applied: in none of the minutes yet' }),
      }),
    ),
    gaps: z
      .array(
        z.strictObject({
          partition: z.int(),
          from: position,
          through: position,
          found_at: timestampText,
          reason: z.string(),
        }),
      )
      .meta({ description: 'What the log has lost, whenever that was: the newest hundred' }),
  }),
);

/** Query parameters of `GET /v1/system/ledger`. */
export const ledgerParameters = z.object({
  minutes: z.int().min(1).max(1440).optional().meta({ description: '60 when left out' }),
});

const partitionAudit = z.strictObject({
  partition: z.int(),
  log_id: z.string(),
  accepted: count,
  logged: count,
  applied: count,
  refused: count,
  stored: z.strictObject({ requests: count, annotations: count, exceptions: byKind }),
  totalled: count,
  losses: z.array(z.string()).meta({ description: 'What the log has lost, named and counted' }),
  differences: z.array(z.string()).meta({ description: 'What does not add up; empty when everything does' }),
});

/** Answer of `POST /v1/system/ledger/audit`. */
export const ledgerAuditAnswer = envelope(
  z.strictObject({
    at: timestampText,
    clean: z.boolean().meta({ description: 'Nothing differs' }),
    settled: z.boolean().meta({ description: 'Everything logged is applied' }),
    partitions: z.array(partitionAudit),
  }),
);

const deadLetter = {
  partition: z.int(),
  offset: z.int(),
  step: z.string().meta({ description: 'Where processing failed: decode or read-call' }),
  reason: z.string(),
  seen_at: timestampText,
  size_bytes: count,
};

/** Answer of `GET /v1/system/dead-letters`. */
export const deadLettersAnswer = envelope(z.array(z.strictObject(deadLetter)));

/** Answer of `GET /v1/system/dead-letters/{partition}/{offset}`. */
export const deadLetterAnswer = envelope(
  z.strictObject({
    ...deadLetter,
    event: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'The event without its bodies; null where it cannot be read' }),
    text: z.string().meta({ description: 'Its first bytes: what ASCII can print as it is, the rest as \\xNN' }),
    is_whole: z.boolean().meta({ description: 'Whether `text` is all of it' }),
  }),
);

/** Answer of `POST /v1/system/dead-letters/{partition}/{offset}/replay`. */
export const replayAnswer = envelope(
  z.strictObject({ partition: z.int().meta({ description: 'Where the new try went' }) }),
);
