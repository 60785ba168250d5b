import type { Annotation } from '@throughline/contracts/annotation';
import { ApiError } from '@throughline/contracts/errors';
import { newEventId } from '@throughline/contracts/ids';
import { partitionOf } from '@throughline/contracts/partition';
import { ANNOTATION_SCHEMA_VERSION, type NewAnnotationEvent } from '@throughline/contracts/request-event';
import { EventLogError } from '@throughline/event-log/event-log';
import type { AnnotationPorts } from './annotation-ports.ts';

export interface AppendOptions {
  /** Epoch ms. */
  readonly now: number;
  /** How long the call may still take, ms. */
  readonly waitMs: number;
}

/**
 * Logs what was said, and waits until the next read shows it.
 *
 * @throws ApiError `annotation-refused` when it is not in the log and never will be; `not-shown-yet` when it is and
 *   applying it takes longer than the call may.
 */
export async function appendAnnotation(
  { appender, applied }: AnnotationPorts,
  tenantId: string,
  annotation: Annotation,
  { now, waitMs }: AppendOptions,
): Promise<void> {
  const unnamed: NewAnnotationEvent = {
    kind: 'annotation',
    schema_version: ANNOTATION_SCHEMA_VERSION,
    event_id: '',
    tenant_id: tenantId,
    session: annotation.session,
    request: annotation.request,
    change: annotation.change,
  };
  const event = { ...unnamed, event_id: newEventId(partitionOf(unnamed, appender.partitions), now) };
  const late = AbortSignal.timeout(Math.max(1, Math.ceil(waitMs)));
  const appended = await appender.append(event).catch((cause: unknown) => {
    if (cause instanceof EventLogError) throw new ApiError('annotation-refused', {}, { cause });
    throw cause;
  });
  const isShown = await applied.until(appended, { ...annotation, tenantId }, late);
  if (!isShown) throw new ApiError('not-shown-yet');
}
