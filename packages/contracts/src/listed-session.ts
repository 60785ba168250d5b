import type { SessionRow } from './session-row.ts';

/** What a list shows of a session beyond the columns that it is filtered and ordered by. */
export type ListedFacts = Pick<
  SessionRow,
  | 'session_name'
  | 'session_names'
  | 'user_ids'
  | 'models'
  | 'providers'
  | 'truncated_fields'
  | 'latest_response_at'
  | 'error_count'
  | 'unpriced_requests'
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'reasoning_tokens'
  | 'prompt_cache_read_tokens'
  | 'prompt_cache_write_tokens'
  | 'total_cost_pico'
  | 'latency_ms_sum'
  | 'p95_latency_ms'
  | 'tag'
  | 'feedback'
  | 'scores'
  | 'deleted_bodies'
>;

/** Column `listed` of `sessions`: a JSON array, whose expression in the schema says the same of rows that were written without. */
export function listedText(row: ListedFacts): string {
  const listed: Listed = [
    row.session_name.toWellFormed(),
    wellFormed(row.session_names),
    wellFormed(row.user_ids),
    wellFormed(row.models),
    wellFormed(row.providers),
    wellFormed(row.truncated_fields),
    row.latest_response_at,
    row.error_count,
    row.unpriced_requests,
    String(row.prompt_tokens),
    String(row.completion_tokens),
    String(row.reasoning_tokens),
    String(row.prompt_cache_read_tokens),
    String(row.prompt_cache_write_tokens),
    String(row.total_cost_pico),
    String(row.latency_ms_sum),
    row.p95_latency_ms,
    row.tag === null ? null : row.tag.toWellFormed(),
    row.feedback,
    row.scores.map(([name]) => name.toWellFormed()),
    row.scores.map(([, value]) => value),
    row.deleted_bodies,
  ];
  return JSON.stringify(listed);
}

export function readListed(text: string): ListedFacts {
  const listed = JSON.parse(text) as Listed;
  const scoreValues = listed[20];
  return {
    session_name: listed[0],
    session_names: listed[1],
    user_ids: listed[2],
    models: listed[3],
    providers: listed[4],
    truncated_fields: listed[5],
    latest_response_at: listed[6],
    error_count: listed[7],
    unpriced_requests: listed[8],
    prompt_tokens: BigInt(listed[9]),
    completion_tokens: BigInt(listed[10]),
    reasoning_tokens: BigInt(listed[11]),
    prompt_cache_read_tokens: BigInt(listed[12]),
    prompt_cache_write_tokens: BigInt(listed[13]),
    total_cost_pico: BigInt(listed[14]),
    latency_ms_sum: BigInt(listed[15]),
    p95_latency_ms: listed[16],
    tag: listed[17],
    feedback: listed[18],
    scores: listed[19].map((name, index) => [name, scoreValues[index]!]),
    deleted_bodies: listed[21],
  };
}

/** Whole numbers beyond 2^53 as text. */
type Listed = readonly [
  name: string,
  names: readonly string[],
  userIds: readonly string[],
  models: readonly string[],
  providers: readonly string[],
  truncatedFields: readonly string[],
  latestResponseAt: number,
  errors: number,
  unpriced: number,
  promptTokens: string,
  completionTokens: string,
  reasoningTokens: string,
  cacheReadTokens: string,
  cacheWriteTokens: string,
  costPico: string,
  latencyMsSum: string,
  p95LatencyMs: number,
  tag: string | null,
  feedback: boolean | null,
  scoreNames: readonly string[],
  scoreValues: readonly number[],
  deletedBodies: boolean,
];

/** As the other columns hold them: UTF-8 has no halves of surrogate pairs. */
function wellFormed(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.toWellFormed());
}
