import { createRandom, type Random } from '@throughline/testkit/seed';

/** One prepared call. */
export interface PreparedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `body` is bytes written so; left out: it is text. */
  readonly bodyEncoding?: 'base64';
}

/** Sessions that the calls of a load belong to, in turn. */
export const SESSIONS = 300;

/** What the upstream says each call used, and what that costs by the provider's price page (0.15 and 0.60 USD per 1M). */
export const USAGE = { promptTokens: 278, completionTokens: 243 } as const;
export const COST_PICO_PER_CALL = BigInt(USAGE.promptTokens) * 150_000n + BigInt(USAGE.completionTokens) * 600_000n;

export const CHAT_PATH = '/v1/chat/completions';
/** The same path through the gateway. */
export const GATEWAY_PATH = `/v1/gateway/oai${CHAT_PATH}`;

/**
 * Chat completions of about 1.5 kB with the headers that an SDK sends and those that name a session: one call per
 * session, each with other words, the same ones at every run.
 */
export function chatCalls(options: { stream?: boolean; sessionPrefix?: string } = {}): PreparedCall[] {
  const random = createRandom(20_261_101);
  const prefix = options.sessionPrefix ?? 'bench';
  return Array.from({ length: SESSIONS }, (_, session) => {
    const body = JSON.stringify({
      model: 'gpt-4o-mini',
      ...(options.stream && { stream: true, stream_options: { include_usage: true } }),
      messages: [
        { role: 'system', content: words(random, 400) },
        { role: 'user', content: words(random, 900) },
      ],
      temperature: 0.2,
      max_tokens: 512,
    });
    return {
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'OpenAI/JS 7.55.0',
        authorization: 'Bearer sk-bench-00000000000000000000000000000000',
        'helicone-session-id': `${prefix}-${session}`,
        'helicone-session-name': 'bench',
        'helicone-session-path': `/plan/step-${session % 7}`,
        'helicone-user-id': `user-${session % 40}`,
        'helicone-property-environment': session % 5 === 0 ? 'staging' : 'production',
      },
      body,
    };
  });
}

/** What the upstream answers to each call: about 1.5 kB, and nothing that a configuration file would have to escape. */
export function chatAnswer(): string {
  return JSON.stringify({
    id: 'chatcmpl-BenchBenchBenchBenchBenchBench',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-4o-mini-2024-07-18',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: words(createRandom(7), 1_100), refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usage(),
    service_tier: 'default',
    system_fingerprint: 'fp_bench00000',
  });
}

/** The writes of a streamed answer, the last one being `[DONE]`: about 190 bytes each. */
export function streamedAnswer(chunks: number): Buffer[] {
  const random = createRandom(11);
  const event = (rest: object) =>
    Buffer.from(
      `data: ${JSON.stringify({
        id: 'chatcmpl-BenchBenchBench',
        object: 'chat.completion.chunk',
        created: 1_790_000_000,
        model: 'gpt-4o-mini-2024-07-18',
        ...rest,
      })}\n\n`,
    );
  const choice = (delta: object, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason }],
  });
  return [
    ...Array.from({ length: chunks - 3 }, () => event(choice({ content: ` ${random.pick(VOCABULARY)}` }))),
    event(choice({}, 'stop')),
    event({ choices: [], usage: usage() }),
    Buffer.from('data: [DONE]\n\n'),
  ];
}

function usage() {
  const { promptTokens, completionTokens } = USAGE;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

function words(random: Random, length: number): string {
  let text = random.pick(VOCABULARY);
  while (text.length < length) text += ` ${random.pick(VOCABULARY)}`;
  return text;
}

const VOCABULARY =
  'account answer because before between budget chapter check city client compare course customer data date delay detail example file final first flight follow found from given group hour into issue item know later list long market measure message model month more name need next number often open order other outline page part pass place plan point price question reach read reason record report request result return review row search second section send session share short simple since small start state step store such table take team than that their then there this time tool total train under until update user value verify very want week what when where which while with without word work would write year'.split(
    ' ',
  );
