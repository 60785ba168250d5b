import { DAY_MS, ENDS_AT, MARKED, MODELS, type Size } from './size.ts';

/**
 * A query of made-up rows of `requests`: those of the sessions numbered from `from` on, so many of them.
 *
 * Every value follows from the number of the session and of the request in it, so that the same rows come every time.
 * Skewed as real traffic is: sessions have one call as a rule and now and then thousands, one tenant sends four fifths,
 * few models, users and names make most of the calls; a twentieth of the calls belongs to no session.
 */
export function requestRowsSql(size: Size, from: number, count: number): string {
  return `
SELECT ${Object.entries(COLUMNS)
    .map(([name, sql]) => `${sql} AS ${name}`)
    .join(',\n  ')}
FROM (
  SELECT *,
    mapFromArrays(
      arrayConcat(['environment', 'team', 'customer', 'step'],
        if(own_id = '', [], arrayConcat(['Helicone-Session-Id', 'Helicone-Session-Path'],
          if(own_name = '', [], ['Helicone-Session-Name'])))),
      arrayConcat([own_environment, own_team, own_customer, own_step],
        if(own_id = '', [], arrayConcat([own_id, own_path], if(own_name = '', [], [own_name]))))
    ) AS own_properties
  FROM (
    SELECT *,
      own_started + i * own_gap + ${hash('jitter', 's, i')} % 200 AS at,
      150 + toInt64(1700 * -log(1 - ${share('latency', 's, i')})) AS took,
      ${draw('status', 's, i', STATUSES)} AS own_status,
      ${MODELS_SQL}[if(${share('switch', 's, i')} < 0.85, own_model, 1 + toUInt32(${MODELS.length} * pow(${share('other', 's, i')}, 2.5)))] AS model_name,
      100 + toUInt64(exp(2 + 6 * ${share('prompt', 's, i')})) + 40 * (i % 50) AS prompts,
      10 + toUInt64(exp(1 + 6 * ${share('completion', 's, i')})) AS completions,
      concat('step-', toString(i % 8)) AS own_step,
      if(own_id = '', '', concat('/run/step-', toString((i + ${hash('way', 's, i')} % 3) % 12))) AS own_path,
      s * ${OFFSETS_PER_SESSION} + i AS log_offset,
      ${eventId('own_started + i * own_gap')} AS own_event_id
    FROM (
      SELECT *, arrayJoin(range(own_size)) AS i
      FROM (
        SELECT number AS s,
          s IN (${Object.values(MARKED).map(({ place }) => sessionAt(size, place))}) AS is_marked,
          if(is_marked OR ${share('tenant', 's')} < 0.8, '${DOMINANT}', concat('tenant-', toString(1 + toUInt32(9 * pow(${share('small', 's')}, 2))))) AS own_tenant,
          if(NOT is_marked AND ${hash('none', 's')} % 20 = 0, '', ${sessionIdSql('s')}) AS own_id,
          multiIf(${Object.values(MARKED)
            .map(({ place, calls }) => `s = ${sessionAt(size, place)}, ${calls}`)
            .join(', ')},
            toUInt32(least(2000, 1 + floor(5 * (pow(1 - ${share('size', 's')}, -1 / 1.5) - 1))))) AS own_size,
          if(is_marked, 2000, 400 + toInt64(60000 * pow(${share('gap', 's')}, 4))) AS own_gap,
          ${ENDS_AT - size.days * DAY_MS} + toInt64((s + ${share('start', 's')}) / ${size.sessions} * ${size.days * DAY_MS}) AS own_started,
          if(own_id = '' OR ${hash('unnamed', 's')} % 20 = 0, '', concat('Flow ', toString(1 + toUInt32(40 * pow(${share('name', 's')}, 2))))) AS own_name,
          if(${hash('anonymous', 's')} % 10 = 0, '', concat('user-', toString(toUInt32(5000 * pow(${share('user', 's')}, 3))))) AS own_user,
          1 + toUInt32(${MODELS.length} * pow(${share('model', 's')}, 2.5)) AS own_model,
          ${draw('environment', 's', [
            ["'production'", 0.7],
            ["'staging'", 0.25],
            ["'development'", 0.05],
          ])} AS own_environment,
          concat('team-', toString(toUInt32(20 * pow(${share('team', 's')}, 2)))) AS own_team,
          ${customerSql('s')} AS own_customer
        FROM numbers(${from}, ${count})
      )
    )
  )
)
WHERE at < ${ENDS_AT}`;
}

/** The tenant that most of the data belongs to: the one that is asked about. */
export const DOMINANT = 'acme';

/** One of the others, who share a fifth of the data. */
export const NEIGHBOUR = 'tenant-1';

/** Offsets are given to sessions in blocks: more than the longest of them needs. */
export const OFFSETS_PER_SESSION = 16_384;

/** One session in ten thousand has a given customer. */
export const CUSTOMERS = 10_000;

export function sessionIdSql(number: string): string {
  return `concat('run-', lower(hex(cityHash64(${number}, 'id'))))`;
}

export function customerSql(number: string): string {
  return `concat('c-', toString(${hash('customer', number)} % ${CUSTOMERS}))`;
}

/** The number of the session that stands at this share of all. */
export function sessionAt({ sessions }: Size, place: number): number {
  return Math.floor(sessions * place);
}

/** The same for the same numbers, different for each purpose. */
export function hash(purpose: string, of: string): string {
  return `cityHash64(${of}, '${purpose}')`;
}

/** From 0 up to 1, evenly. */
export function share(purpose: string, of: string): string {
  return `(bitShiftRight(${hash(purpose, of)}, 11) / 9007199254740992.)`;
}

/** One of some expressions, with the probabilities given; the last takes what is left. */
function draw(purpose: string, of: string, values: readonly (readonly [sql: string, share: number])[]): string {
  let below = 0;
  const cases = values.slice(0, -1).map(([sql, probability]) => {
    below += probability;
    return `${share(purpose, of)} < ${below}, ${sql}`;
  });
  return `multiIf(${cases.join(', ')}, ${values.at(-1)![0]})`;
}

const STATUSES = [
  ['200', 0.93],
  ['429', 0.03],
  ['400', 0.015],
  ['500', 0.012],
  ['503', 0.008],
  ['-3', 0.005],
] as const;

const MODELS_SQL = `[${MODELS.map((name) => `'${name}'`)}]`;

/** As ours: a UUIDv7 of that time. */
function eventId(at: string): string {
  const time = `lower(substring(hex(toUInt64(${at})), 5))`;
  const rest = `lower(hex(${hash('event', 's, i')}))`;
  return `concat(substring(${time}, 1, 8), '-', substring(${time}, 9, 4), '-7', substring(${rest}, 1, 3), '-8', substring(${rest}, 4, 3), '-', leftPad(lower(hex(toUInt64(log_offset))), 12, '0'))`;
}

const time = (ms: string) => `fromUnixTimestamp64Milli(${ms}, 'UTC')`;

/** Every column of `requests`. */
const COLUMNS: Readonly<Record<string, string>> = {
  tenant_id: 'own_tenant',
  event_id: 'own_event_id',
  request_id: 'own_event_id',
  request_id_chosen: 'false',
  session_id: 'own_id',
  session_name: 'own_name',
  session_path: 'own_path',
  session_rule: "if(own_id = '', '', 'helicone-session-id')",
  user_id: 'own_user',
  properties: 'own_properties',
  scores: "CAST(map(), 'Map(String, Float64)')",
  request_at: time('at'),
  first_byte_at: time('at + least(took, 180)'),
  response_at: time('at + took'),
  received_at: time('at + took + 2'),
  ordered_at: time('at'),
  time_clamped: 'false',
  latency_ms: 'took',
  time_to_first_token_ms: 'if(i % 2 = 0, toNullable(least(took, 180)), NULL)',
  provider: "if(startsWith(model_name, 'claude'), 'ANTHROPIC', 'OPENAI')",
  target_url: "'https://api.openai.com/v1/chat/completions'",
  method: "'POST'",
  path: "'/v1/chat/completions'",
  status: 'own_status',
  is_error: 'own_status != 200',
  error_type: "if(own_status = 429, 'rate_limit_exceeded', '')",
  error_message: "if(own_status >= 500, 'The server had an error while processing your request', '')",
  abort_reason: "''",
  finish_reason: "if(own_status = 200, 'stop', '')",
  streamed: 'i % 2 = 0',
  step_kind: "'llm'",
  model: 'model_name',
  request_model: 'model_name',
  response_model: 'model_name',
  usage_complete: 'own_status = 200',
  prompt_tokens: 'if(own_status = 200, toNullable(prompts), NULL)',
  completion_tokens: 'if(own_status = 200, toNullable(completions), NULL)',
  reasoning_tokens: '0',
  prompt_cache_read_tokens: 'intDiv(prompts, 4)',
  prompt_cache_write_tokens: '0',
  prompt_cache_write_1h_tokens: '0',
  prompt_audio_tokens: '0',
  completion_audio_tokens: '0',
  cost: `if(own_status = 200 AND ${hash('unpriced', 's, i')} % 50 != 0, toNullable(toDecimal64(prompts * 25 + completions * 100, 0) * toDecimal64('0.0000001', 12)), NULL)`,
  cost_source: "if(own_status = 200, 'table', 'none')",
  price_version: "'2026-10-01'",
  request_bytes: '900 + 4 * prompts',
  response_bytes: '300 + 4 * completions',
  request_truncated: 'false',
  response_truncated: 'false',
  request_content_type: "'application/json'",
  response_content_type: "'application/json'",
  request_headers: "map('content-type', 'application/json', 'user-agent', 'OpenAI/JS 6.9.1')",
  response_headers: `map('content-type', 'application/json', 'x-request-id', concat('req_', lower(hex(${hash('header', 's, i')}))))`,
  trace_id: "''",
  attempts: '[]',
  cache_reference_id: "''",
  webhook: 'false',
  span_id: "''",
  parent_span_id: "''",
  producer_id: "'0190f0a0-0000-7000-8000-00000000bec4'",
  producer_seq: 'log_offset',
  source_partition: '0',
  source_offset: 'log_offset',
  version: 'bitShiftLeft(toUInt64(log_offset), 20) + 1',
  property_pairs:
    "arrayMap((name, value) -> concat(name, '=', value), mapKeys(own_properties), mapValues(own_properties))",
};

export const REQUEST_COLUMN_NAMES = Object.keys(COLUMNS).join(', ');
