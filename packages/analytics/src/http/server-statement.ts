import { AnalyticsError } from '../analytics-store.ts';
import { quote } from '../literal.ts';
import type { Replication } from './http-config.ts';

/**
 * A statement of a migration, as it runs on a server. Everything else is the same text everywhere.
 *
 * - One server: tables sync what was inserted before they say so, as they do in process, where it is a setting of the
 *   engine.
 * - Replicated: `ON CLUSTER`, and the replicated engine of each table with the paths that the server has for them; what
 *   was inserted is safe on the majority that a quorum waits for.
 *
 * @throws AnalyticsError `rejected` for a statement it does not know how to render: a migration has to be one of these.
 */
export function renderForServer(sql: string, replication: Replication | undefined): string {
  const body = sql.replace(LEADING_COMMENTS, '');
  const head = HEADS.map((pattern) => pattern.exec(body)).find((match) => match !== null);
  if (!head) {
    const start = body.slice(0, 60);
    throw new AnalyticsError(
      'rejected',
      `A migration cannot be applied to a server: ${start} is not CREATE, ALTER or DROP TABLE`,
    );
  }
  const [text] = head;
  const rest = body.slice(text.length);
  const isCreate = /^CREATE/i.test(text);
  if (!replication) return `${text}${isCreate ? withSyncedParts(rest) : rest}`;
  return `${text} ON CLUSTER ${quote(replication.cluster)}${isCreate ? withReplicatedEngine(rest) : rest}`;
}

const LEADING_COMMENTS = /^(?:\s*--[^\n]*\n)*\s*/;

const HEADS = [
  /^CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\s+\w+/i,
  /^ALTER\s+TABLE\s+\w+/i,
  /^DROP\s+TABLE\s+IF\s+EXISTS\s+\w+/i,
];

/** At the start of a line, where no column is. */
const ENGINE = /^ENGINE = (\w*MergeTree)/m;

/** Likewise; a column's own settings stand further right. */
const TABLE_SETTINGS = /^SETTINGS /m;

const SYNCED_PARTS = 'fsync_after_insert = 1, fsync_part_directory = 1';

function withSyncedParts(rest: string): string {
  engineOf(rest);
  if (TABLE_SETTINGS.test(rest)) return rest.replace(TABLE_SETTINGS, `SETTINGS ${SYNCED_PARTS}, `);
  return `${rest}\nSETTINGS ${SYNCED_PARTS}`;
}

function withReplicatedEngine(rest: string): string {
  engineOf(rest);
  return rest.replace(ENGINE, 'ENGINE = Replicated$1');
}

function engineOf(rest: string): void {
  if (ENGINE.test(rest)) return;
  throw new AnalyticsError('rejected', 'A migration makes a table without a line that begins with ENGINE = …MergeTree');
}
