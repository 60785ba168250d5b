import { ApiError } from '@throughline/contracts/errors';
import { headerText } from '../../request/header-text.ts';

/** What `Throughline-Replay-*` asks for. */
export interface CassetteRequest {
  readonly sessionId: string;
  /** What becomes of a call that was not recorded: an error, or it is sent to the provider. */
  readonly onMiss: 'fail' | 'live';
  /** How fast answers come: at once, or as they did when they were recorded. */
  readonly pacing: 'none' | 'recorded';
}

/**
 * @param headers of ours, by name in lower case.
 * @returns undefined: the call is to be sent.
 * @throws ApiError `invalid-header`.
 */
export function readCassette(headers: ReadonlyMap<string, string>): CassetteRequest | undefined {
  const given = headers.get('throughline-replay');
  if (given === undefined) return undefined;
  const sessionId = headerText(given);
  if (sessionId === '')
    throw new ApiError('invalid-header', { name: 'Throughline-Replay', reason: 'it names no session' });
  return {
    sessionId,
    onMiss: oneOf(headers, 'Throughline-Replay-Miss', ['fail', 'live']),
    pacing: oneOf(headers, 'Throughline-Replay-Pacing', ['none', 'recorded']),
  };
}

/** The first is meant where the header is not there. */
function oneOf<const Value extends string>(
  headers: ReadonlyMap<string, string>,
  name: string,
  values: readonly [Value, ...Value[]],
): Value {
  const given = headers.get(name.toLowerCase()) ?? values[0];
  const value = values.find((known) => known === given);
  if (value === undefined) throw new ApiError('invalid-header', { name, reason: `it is ${values.join(' or ')}` });
  return value;
}
