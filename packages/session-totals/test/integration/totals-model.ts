import type { SessionState } from '../../src/session-state.ts';
import type { Fence, PartitionState, SessionChange, SessionKey, SessionStub } from '../../src/session-totals.ts';

/** What totals should hold of one partition, in memory, by plain rules. */
export class PartitionModel {
  state: PartitionState | undefined;
  readonly #sessions = new Map<string, SessionState | SessionStub>();

  get live(): SessionState[] {
    return [...this.#sessions.values()].filter((session): session is SessionState => !('evicted' in session));
  }

  accepts(expected: Fence | undefined): boolean {
    return JSON.stringify(expected) === JSON.stringify(this.state?.fence);
  }

  commit(next: PartitionState, sessions: readonly SessionChange[]): void {
    if (this.state === undefined) this.#sessions.clear();
    this.state = next;
    for (const session of sessions) {
      if ('removed' in session) this.#sessions.delete(textOf(session));
      else this.#sessions.set(textOf(session), session);
    }
  }

  lose(): void {
    this.state = undefined;
    this.#sessions.clear();
  }

  find(key: SessionKey): SessionState | SessionStub | undefined {
    return this.#sessions.get(textOf(key));
  }
}

function textOf({ tenantId, sessionId }: SessionKey): string {
  return JSON.stringify([tenantId, sessionId]);
}
