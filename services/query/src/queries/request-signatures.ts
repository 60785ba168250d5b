import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { DiffedSession } from './list-diff-steps.ts';

/** What a stored request says, as far as it is told from others without being read here. */
export interface RequestSignature {
  readonly encoding: string;
  /** Bytes that are stored. */
  readonly size: number;
  /** Equal for requests that ask the same of whichever model. */
  readonly asked: string;
  /** Equal for requests whose last message is the same. */
  readonly question: string;
  /** Of that message, its beginning. */
  readonly words: string;
}

/** Of the last message. */
const WORDS_CHARS_MAX = 400;

/**
 * Names that a provider gave calls and answers, which stand in later requests of a conversation: no two runs have the same.
 * Ids of whatever an agent works with are none of them.
 */
const GIVEN_NAMES =
  '"(?:tool_call_id|tool_use_id|call_id|toolUseId|toolCallId)":"[^"]*"|"id":"(?:call_|toolu_|srvtoolu_|tooluse_|msg_|fc_|rs_|ws_|chatcmpl-)[^"]*"';

/**
 * Signatures of the requests of a session by their log position, `partition/offset`, made by the engine: of a thousand
 * requests of 12 kB each it sends 1 MB, in 60 ms.
 *
 * Members of the body are compared in any order and however they are spaced; its model is not, nor what `GIVEN_NAMES` are.
 */
export async function requestSignatures(
  analytics: Pick<AnalyticsStore, 'query'>,
  { tenantId, sessionId, between }: DiffedSession,
): Promise<Map<string, RequestSignature>> {
  const rows = await analytics.query<Row>({
    // PREWHERE, since with FINAL the engine would read the bodies of whatever lies beside the session.
    sql: `
WITH
  arraySort(JSONExtractKeysAndValuesRaw(request_body)) AS members,
  arrayFilter(member -> member.1 != 'model', members) AS others,
  if(empty(others), request_body, arrayStringConcat(arrayMap(member -> concat(member.1, ':', member.2), others), ',')) AS whole,
  arrayFirst(member -> member.1 IN ('messages', 'input', 'contents'), others).2 AS said,
  if(said LIKE '[%', JSONExtractRaw(said, -1), '') AS last
SELECT concat(toString(source_partition), '/', toString(source_offset)) AS position,
  request_encoding AS encoding, length(request_body) AS size,
  toString(sipHash64(replaceRegexpAll(whole, {names:String}, ''))) AS asked,
  replaceRegexpAll(if(last = '', whole, last), {names:String}, '') AS asks_last,
  toString(sipHash64(asks_last)) AS question, substringUTF8(toValidUTF8(substring(asks_last, 1, {bytes:UInt32})), 1, {chars:UInt32}) AS words
FROM request_bodies FINAL
PREWHERE session_id = {session:String}
WHERE tenant_id = {tenant:String}
  AND ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')`,
    params: {
      tenant: tenantId,
      session: sessionId,
      first: between[0],
      last: between[1],
      names: GIVEN_NAMES,
      bytes: WORDS_CHARS_MAX * 4,
      chars: WORDS_CHARS_MAX,
    },
    settings: SIGNING,
  });
  return new Map(rows.map(({ position, size, ...row }) => [position, { ...row, size: Number(size) }]));
}

/** Small blocks: what is made of a request takes several times its size. */
const SIGNING = { ...FINAL, max_threads: 2, max_block_size: 128 } as const;

interface Row {
  readonly position: string;
  readonly encoding: string;
  readonly size: string;
  readonly asked: string;
  readonly question: string;
  readonly words: string;
}
