import type { Annotation, Deletion } from '@throughline/contracts/annotation';
import { ApiError } from '@throughline/contracts/errors';
import { partitionFor } from '@throughline/contracts/partition';
import type { AnnotationPorts } from '../annotate/annotation-ports.ts';
import { type AppendOptions, appendAnnotation } from '../annotate/append-annotation.ts';

/** A deletion as events of the log: each for one partition. */
export interface NewDeletion {
  readonly tenantId: string;
  readonly changes: readonly Deletion[];
}

/** @param id names it in the ledger and the audit log. @param partitions of the log. */
export function deletionOfSession(tenantId: string, sessionId: string, id: string, partitions: number): NewDeletion {
  const partition = partitionFor(tenantId, sessionId, '', partitions);
  const change: Deletion = {
    kind: 'delete-sessions',
    id,
    partition,
    sessions: [sessionId],
    reason: 'asked',
    inactive_since: null,
  };
  return { tenantId, changes: [change] };
}

/** The calls of a user may be in any partition. */
export function deletionOfUser(tenantId: string, user: string, id: string, partitions: number): NewDeletion {
  const changes = Array.from({ length: partitions }, (_, partition): Deletion => {
    return { kind: 'delete-user', id, partition, user };
  });
  return { tenantId, changes };
}

/**
 * Logs a deletion, and waits until no read shows what it takes.
 *
 * @throws ApiError `annotation-refused` when the log takes nothing of it, `deletion-incomplete` when it takes some of it,
 *   `not-shown-yet` when it takes all and carrying it out takes longer than the call may.
 */
export async function appendDeletion(
  ports: AnnotationPorts,
  { tenantId, changes }: NewDeletion,
  options: AppendOptions,
): Promise<void> {
  const annotations = changes.map((change): Annotation => ({ session: null, request: null, change }));
  const outcomes = await Promise.allSettled(
    annotations.map((annotation) => appendAnnotation(ports, tenantId, annotation, options)),
  );
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  const unexpected = errors.find((error) => !(error instanceof ApiError));
  if (unexpected !== undefined) throw unexpected;
  const refused = errors.filter((error) => (error as ApiError).code === 'annotation-refused');
  if (refused.length > 0 && refused.length < changes.length) {
    throw new ApiError('deletion-incomplete', {}, { cause: refused[0] });
  }
  if (errors.length > 0) throw errors[0];
}
