import { type Place, topLevelPlaces } from '@throughline/providers/top-level-scalars';

/** The JSON of a logged request and response, byte for byte as it stands in the call; `''` where there is none. */
export interface LoggedJson {
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

/**
 * Cuts both out of the body of a log call, which is known to be JSON: numbers keep their digits, and nothing is written
 * that was read before.
 */
export function loggedJson(bytes: Buffer): LoggedJson {
  // A character per byte, so that places in the text are places in the bytes.
  const text = bytes.toString('latin1');
  const start = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const sides = topLevelPlaces(text, SIDES, start);
  const jsonOf = (side: Place | undefined) => {
    const place = side && topLevelPlaces(text, JSON_KEY, side[0]).get('json');
    return place ? bytes.subarray(place[0], place[1]) : NOTHING;
  };
  return { request: jsonOf(sides.get('providerRequest')), response: jsonOf(sides.get('providerResponse')) };
}

const SIDES: ReadonlySet<string> = new Set(['providerRequest', 'providerResponse']);
const JSON_KEY: ReadonlySet<string> = new Set(['json']);
const NOTHING = new Uint8Array(0);
