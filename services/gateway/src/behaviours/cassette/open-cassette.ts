import type { CallState } from '@throughline/call-state/call-state';
import { ApiError } from '@throughline/contracts/errors';
import type { SessionRecords } from '@throughline/contracts/recorded-call';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import type { KeyRefusal } from '../../keys/admission.ts';
import type { StateFailures } from '../../state-failures.ts';
import { CassetteBehaviour, type CassetteDeps } from './cassette-behaviour.ts';
import { CassetteShelf } from './cassette-shelf.ts';
import { readCassette } from './read-cassette.ts';

export interface CassetteSources {
  readonly callState: CallState | undefined;
  readonly records: SessionRecords | undefined;
  readonly masking?: { mask(event: NewRequestEvent): Promise<NewRequestEvent> } | undefined;
  readonly failures: StateFailures;
}

export interface CassetteCaller {
  readonly tenantId?: string | undefined;
  readonly mayReadBodies?: boolean | undefined;
  readonly refusal?: KeyRefusal | undefined;
}

/**
 * What `Throughline-Replay` asks for.
 *
 * @returns undefined: nothing.
 * @throws ApiError for headers that cannot be read, and for callers that may not read what was recorded: their calls would
 *   go to the provider, and be paid for, where they counted on a recording.
 */
export function openCassette(
  given: ReadonlyMap<string, string>,
  caller: CassetteCaller,
  cassettes: CassetteDeps | undefined,
): CassetteBehaviour | undefined {
  const asked = readCassette(given);
  if (!asked) return undefined;
  const { tenantId, mayReadBodies, refusal } = caller;
  if (tenantId === undefined) throw new ApiError(refusal ?? 'keys-unavailable', { permission: 'w' });
  if (!mayReadBodies) throw new ApiError('missing-permission', { permission: '`r` or `rw`' });
  if (!cassettes) throw new ApiError('not-offered', { feature: 'Replay', instead: 'this gateway has no store' });
  return new CassetteBehaviour(asked, tenantId, cassettes);
}

/** What a gateway keeps of cassettes; undefined where it has nothing to answer from. */
export function createCassettes({ callState, records, masking, failures }: CassetteSources): CassetteDeps | undefined {
  if (!records || !callState) return undefined;
  const shelf = new CassetteShelf(records);
  return { shelf, records, turns: callState.turns, masking, descriptions: { underWay: 0 }, failures };
}
