import { hash, OFFSETS_PER_SESSION, share } from './request-rows-sql.ts';

/**
 * A query of rows of `request_bodies` for some rows of `requests`: 1 to 2 kB each, words as skewed as language is. A call
 * repeats most of the one before it, as conversations do, and carries ids that no other call has.
 *
 * @param where a condition on `requests`.
 */
export function bodyRowsSql(where: string): string {
  const words = (count: string, from: string) =>
    `arrayStringConcat(arrayMap(k -> ${VOCABULARY_SQL}[1 + toUInt32(${WORDS} * pow(${share('word', 's, k')}, 2.2))], range(${from}, ${from} + ${count})), ' ')`;
  return `
SELECT tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version,
  concat('{"model":"', model, '","messages":[{"role":"user","content":"', ${words('100 + s % 60', '10 * i')},
    if(${COMMON.condition}, ' ${COMMON.word}', ''), ' ticket ', ${ticketSql('s', 'i')}, '"}],"id":"call_', lower(hex(${hash('call', 's, i')})), '"}') AS request_body,
  'utf8' AS request_encoding,
  concat('{"choices":[{"message":{"role":"assistant","content":"', ${words('40 + s % 40', '10 * i + 1000000')}, '"}}]}') AS response_body,
  'utf8' AS response_encoding
FROM (
  SELECT *, intDiv(source_offset, ${OFFSETS_PER_SESSION}) AS s, source_offset % ${OFFSETS_PER_SESSION} AS i
  FROM requests
  WHERE ${where}
)`;
}

export const BODY_COLUMN_NAMES =
  'tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version, request_body, request_encoding, response_body, response_encoding';

/** A word that four of a hundred bodies have. */
export const COMMON = { word: 'refund', condition: `${hash('common', 's, i')} % 25 = 0` } as const;

/** Of a million bodies ten have the same ticket. */
export function ticketSql(session: string, call: string): string {
  return `concat('W', leftPad(toString(${hash('ticket', `${session}, ${call}`)} % 100000), 6, '0'))`;
}

const WORDS = 4_000;
const SYLLABLES = 'ka ro mi ten sa lu de vor pi an gel to shi ber qua ne fo ral um ist'.split(' ');

/** Words of two to four syllables, each another. */
const VOCABULARY_SQL = `[${Array.from({ length: WORDS }, (_, n) => {
  const base = SYLLABLES.length;
  const syllables = [n % base, Math.floor(n / base) % base, Math.floor(n / base ** 2) % base];
  return `'${syllables.map((at) => SYLLABLES[at]!).join('')}'`;
})}]`;
