import type { Annotation } from '@throughline/contracts/annotation';
import type { Appended, EventAppender } from '@throughline/event-log/event-log';

/** Where annotations go, and how it is known that they show. */
export interface AnnotationPorts {
  readonly appender: Pick<EventAppender, 'append' | 'partitions'>;
  readonly applied: AppliedWait;
}

export interface AppliedWait {
  /**
   * Waits until totals, rows and snapshots all reflect an event that was appended: whatever is read from then on shows it.
   *
   * @param annotation what it says, and of which tenant.
   * @returns false when `signal` aborted first. A store that does not answer is asked again until then.
   */
  until(
    appended: Appended,
    annotation: Annotation & { readonly tenantId: string },
    signal: AbortSignal,
  ): Promise<boolean>;
}
