import { createRandom } from '@throughline/testkit/seed';
import { costOf } from './prices.ts';
import { VOCABULARY, words } from './words.ts';

/** One prepared call. */
export interface PreparedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `body` is bytes written so; left out: it is text. */
  readonly bodyEncoding?: 'base64';
}

/** Sessions that the calls of a load belong to, in turn. */
export const SESSIONS = 300;

/** What the upstream says each call used, and what that costs. */
export const USAGE = { promptTokens: 278, completionTokens: 243 } as const;
export const COST_PICO_PER_CALL = costOf('gpt-4o-mini', USAGE.promptTokens, USAGE.completionTokens);

export const CHAT_PATH = '/v1/chat/completions';
/** The same path through the gateway. */
export const GATEWAY_PATH = `/v1/gateway/oai${CHAT_PATH}`;

/** How a server takes chat completions. */
export interface ChatTarget {
  readonly path: string;
  /** What the model is called there. */
  readonly model: string;
  /** In place of the provider's key, and beside what an SDK sends. */
  readonly headers: Readonly<Record<string, string>>;
  /** Calls name a session. */
  readonly hasSessions?: boolean;
}

export interface ChatOptions {
  readonly target?: ChatTarget;
  readonly stream?: boolean;
  readonly sessionPrefix?: string;
  /** Of a request, about; 1,500 unless it is said. */
  readonly bytes?: number;
}

const PROVIDER_KEY = { authorization: 'Bearer sk-bench-00000000000000000000000000000000' };

/** The provider itself, or what passes everything on. */
export const PROVIDER_TARGET: ChatTarget = {
  path: CHAT_PATH,
  model: 'gpt-4o-mini',
  headers: PROVIDER_KEY,
  hasSessions: true,
};
export const GATEWAY_TARGET: ChatTarget = { ...PROVIDER_TARGET, path: GATEWAY_PATH };

/** Bytes of a request beside the words of its user. */
const FRAME_BYTES = 600;

/**
 * Chat completions with the headers that an SDK sends and those that name a session: one call per session, each with other
 * words, the same ones at every run.
 */
export function chatCalls(options: ChatOptions = {}): PreparedCall[] {
  const random = createRandom(20_261_101);
  const { target = PROVIDER_TARGET, sessionPrefix: prefix = 'bench', bytes = 1_500 } = options;
  return Array.from({ length: SESSIONS }, (_, session) => {
    const body = JSON.stringify({
      model: target.model,
      ...(options.stream && { stream: true, stream_options: { include_usage: true } }),
      messages: [
        { role: 'system', content: words(random, 400) },
        { role: 'user', content: words(random, bytes - FRAME_BYTES) },
      ],
      temperature: 0.2,
      max_tokens: 512,
    });
    return {
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'OpenAI/JS 7.55.0',
        ...target.headers,
        ...(target.hasSessions && sessionHeaders(prefix, session)),
      },
      body,
    };
  });
}

function sessionHeaders(prefix: string, session: number): Record<string, string> {
  return {
    'helicone-session-id': `${prefix}-${session}`,
    'helicone-session-name': 'bench',
    'helicone-session-path': `/plan/step-${session % 7}`,
    'helicone-user-id': `user-${session % 40}`,
    'helicone-property-environment': session % 5 === 0 ? 'staging' : 'production',
  };
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
