import type { Message } from './conversations.ts';

/** Recorded agents used this one. */
export const AGENT_MODEL = 'gpt-4o-2024-08-06';

/** The chat completion that says `message`, as JSON. Tokens are a fourth of the characters. */
export function agentAnswer(message: Message, promptCharacters: number): string {
  const prompt_tokens = Math.ceil(promptCharacters / 4);
  const completion_tokens = Math.ceil(JSON.stringify(message).length / 4);
  const finish_reason = message.tool_calls === undefined ? 'stop' : 'tool_calls';
  return JSON.stringify({
    id: 'chatcmpl-BenchBenchBench',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: AGENT_MODEL,
    choices: [{ index: 0, message, logprobs: null, finish_reason }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  });
}
