import type { CallState } from '@throughline/call-state/call-state';
import { ApiError } from '@throughline/contracts/errors';
import type { SessionRecords } from '@throughline/contracts/recorded-call';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import type { Logger } from '@throughline/telemetry/logger';
import type { KeyRefusal } from '../../keys/admission.ts';
import type { StateFailures } from '../../state-failures.ts';
import { CassetteBehaviour, type CassetteDeps } from './cassette-behaviour.ts';
import { CassetteShelf } from './cassette-shelf.ts';
import { readCassette } from './read-cassette.ts';

export interface OpenCassetteDeps {
  readonly callState: CallState | undefined;
  readonly records: SessionRecords | undefined;
  readonly masking?: { mask(event: NewRequestEvent): Promise<NewRequestEvent> } | undefined;
  readonly logger: Logger;
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
  deps: OpenCassetteDeps,
): CassetteBehaviour | undefined {
  const asked = readCassette(given);
  if (!asked) return undefined;
  const { tenantId, mayReadBodies, refusal } = caller;
  if (tenantId === undefined) throw new ApiError(refusal ?? 'keys-unavailable', { permission: 'w' });
  if (!mayReadBodies) throw new ApiError('missing-permission', { permission: '`r` or `rw`' });
  return new CassetteBehaviour(asked, tenantId, cassetteDeps(deps));
}

/** What a gateway keeps of cassettes, made with the first call that asks for one. */
const opened = new WeakMap<SessionRecords, CassetteDeps>();

function cassetteDeps({ callState, records, masking, failures }: OpenCassetteDeps): CassetteDeps {
  if (!records || !callState)
    throw new ApiError('not-offered', { feature: 'Replay', instead: 'this gateway has no store' });
  const known = opened.get(records);
  if (known) return known;
  const shelf = new CassetteShelf(records);
  const made = { shelf, records, turns: callState.turns, masking, descriptions: { underWay: 0 }, failures };
  opened.set(records, made);
  return made;
}
