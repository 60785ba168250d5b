import type { SessionRule } from '@throughline/contracts/request-event';
import { decodeBody } from '@throughline/providers/decode-body';
import { isObject } from '@throughline/providers/json-object';
import { type Place, topLevelPlaces } from '@throughline/providers/top-level-scalars';

export type BodyRule = Extract<SessionRule, `body-${string}`>;

export function isBodyRule(rule: SessionRule): rule is BodyRule {
  return rule.startsWith('body-');
}

/** Whether a body of this type may name a session: only JSON is looked into. */
export function namesSessions(contentType: string): boolean {
  return JSON_TYPE.test(contentType);
}

const JSON_TYPE = /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * The session that a JSON request body names at its top level, by the first of the rules that finds one; null when none
 * does. A body without any of the rules' words is not looked into further; what only looks like a member, such as text of
 * a message, is none. Of a cut body it is what stands before the cut.
 *
 * As of headers, space around an id is no part of it, and what is no text, is empty or longer than 8,192 bytes is no id.
 *
 * @param contentEncoding a compressed body is decompressed for it, up to 4 MiB; beyond that it names nothing.
 */
export function findBodySession(
  bytes: Uint8Array,
  contentEncoding: string,
  rules: readonly BodyRule[],
): { readonly id: string; readonly rule: BodyRule } | null {
  if (bytes.length === 0) return null;
  const json = plainBytes(bytes, contentEncoding);
  if (!json || !holdsWordOf(json, rules)) return null;
  // A character per byte: places in it are places in the bytes, and nothing but the ids is decoded.
  const text = json.toString('latin1');
  const places = topLevelPlaces(text, MEMBERS, text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0);
  for (const rule of rules) {
    const id = FIND[rule](text, places);
    if (id !== '') return { id, rule };
  }
  return null;
}

/** Synchronous, so that a body which was made to swell costs the other calls some milliseconds at most. */
const DECODED_BYTES_MAX = 4 * 1024 * 1024;
/** As of spans; headers have this room for all that they say. */
const ID_BYTES_MAX = 8_192;
/** Around a JSON string. */
const QUOTES = 2;
/** UTF-8's, a character per byte. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/**
 * What a body must hold for a rule to find anything in it; in texts that it quotes, quotes are escaped. Looking for one
 * costs 40 µs per 100 kB: hence one for both rules about metadata, which most bodies do not have.
 */
const METADATA = Buffer.from('"metadata"');
const WORDS: Readonly<Record<BodyRule, Buffer>> = {
  'body-conversation': Buffer.from('"conversation"'),
  'body-prompt-cache-key': Buffer.from('"prompt_cache_key"'),
  'body-metadata-session-id': METADATA,
  'body-metadata-user-id': METADATA,
};
/** In `session_id` as well as in `_session_`: metadata is mostly about something else. */
const OF_SESSIONS = Buffer.from('session_');

function holdsWordOf(json: Buffer, rules: readonly BodyRule[]): boolean {
  let sought: Buffer | undefined;
  for (const rule of rules) {
    const word = WORDS[rule];
    if (word === sought) continue;
    sought = word;
    if (json.includes(word) && (word !== METADATA || json.includes(OF_SESSIONS))) return true;
  }
  return false;
}

const MEMBERS: ReadonlySet<string> = new Set(['conversation', 'prompt_cache_key', 'metadata']);

type Places = ReadonlyMap<string, Place>;

/** Each returns `''` where it finds none. */
const FIND: Readonly<Record<BodyRule, (text: string, places: Places) => string>> = {
  'body-conversation': (text, places) =>
    idAt(text, places.get('conversation')) || idAt(text, memberAt(text, places.get('conversation'), 'id')),
  'body-prompt-cache-key': (text, places) => idAt(text, places.get('prompt_cache_key')),
  'body-metadata-session-id': (text, places) => idAt(text, memberAt(text, places.get('metadata'), 'session_id')),
  'body-metadata-user-id': (text, places) =>
    sessionOfUser(idAt(text, memberAt(text, places.get('metadata'), 'user_id'))),
};

function memberAt(text: string, place: Place | undefined, name: string): Place | undefined {
  return place && topLevelPlaces(text, new Set([name]), place[0]).get(name);
}

function idAt(text: string, place: Place | undefined): string {
  if (!place || place[1] - place[0] > ID_BYTES_MAX + QUOTES) return '';
  return trimmed(parsed(Buffer.from(text.slice(place[0], place[1]), 'latin1').toString()));
}

function trimmed(value: unknown): string {
  return typeof value === 'string' ? value.trim().toWellFormed() : '';
}

/**
 * Claude Code before it had a header for it: `user_<hash>_account_<uuid>_session_<uuid>`, later the text of an object with
 * `session_id`. Any other user is no session.
 */
function sessionOfUser(user: string): string {
  if (!user.startsWith('{')) return CLAUDE_CODE_USER.exec(user)?.[1] ?? '';
  const said = parsed(user);
  return isObject(said) ? trimmed(said.session_id) : '';
}

const CLAUDE_CODE_USER =
  /^user_[0-9a-z]+_account_[0-9a-f-]*_session_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

function plainBytes(bytes: Uint8Array, contentEncoding: string): Buffer | undefined {
  if (contentEncoding === '' && Buffer.isBuffer(bytes)) return bytes;
  const decoded = decodeBody(bytes, contentEncoding, DECODED_BYTES_MAX);
  if (!decoded.ok) return undefined;
  return Buffer.from(decoded.bytes.buffer, decoded.bytes.byteOffset, decoded.bytes.byteLength);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
