import type { VendorName } from '../vendors.ts';
import { QUESTION, TOOL } from './client-under-test.ts';

/** A streamed call of a tool, as it goes over the wire, one for each way in which answers are streamed. */
export interface StreamedToolCall {
  readonly name: string;
  readonly provider: VendorName;
  /** Below Throughline's origin. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
  /** As the API names it. */
  readonly finish: string;
  /** What the step's error is when the stream fails half-way. */
  readonly errorType: string;
}

const { name, description, schema } = TOOL;
const messages = [{ role: 'user', content: QUESTION }];
const functions = [{ type: 'function', function: { name, description, parameters: schema } }];
const chat = { messages, tools: functions, stream: true, stream_options: { include_usage: true } };
const claude = { max_tokens: 200, messages, tools: [{ name, description, input_schema: schema }] };
const gemini = {
  contents: [{ role: 'user', parts: [{ text: QUESTION }] }],
  tools: [{ functionDeclarations: [{ name, description, parameters: schema }] }],
};
const bedrockModel = '/v1/gateway/bedrock/v1/us-east-1/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0';

export const STREAMED_TOOL_CALLS: readonly StreamedToolCall[] = [
  {
    name: 'chat completions',
    provider: 'OPENAI',
    path: '/v1/gateway/oai/v1/chat/completions',
    body: { ...chat, model: 'gpt-4o-mini' },
    finish: 'tool_calls',
    errorType: 'server_error',
  },
  {
    name: "Azure's",
    provider: 'AZURE',
    path: '/v1/gateway/azure/openai/deployments/chat/chat/completions?api-version=2024-10-21',
    headers: { 'Helicone-OpenAI-Api-Base': 'https://resource-of-ours.openai.azure.com' },
    body: chat,
    finish: 'tool_calls',
    errorType: 'server_error',
  },
  {
    name: "Groq's",
    provider: 'GROQ',
    path: '/v1/gateway/groq/openai/v1/chat/completions',
    body: { ...chat, model: 'llama-3.3-70b-versatile', stream_options: undefined },
    finish: 'tool_calls',
    errorType: 'server_error',
  },
  {
    name: "Mistral's",
    provider: 'MISTRAL',
    path: '/v1/gateway/mistral/v1/chat/completions',
    body: { ...chat, model: 'mistral-small-latest', stream_options: undefined },
    finish: 'tool_calls',
    errorType: 'server_error',
  },
  {
    name: 'responses',
    provider: 'OPENAI',
    path: '/v1/gateway/oai/v1/responses',
    body: { model: 'gpt-4.1', input: QUESTION, stream: true, tools: [{ type: 'function', name, parameters: schema }] },
    finish: 'completed',
    errorType: 'server_error',
  },
  {
    name: 'messages',
    provider: 'ANTHROPIC',
    path: '/v1/gateway/anthropic/v1/messages',
    body: { ...claude, model: 'claude-haiku-4-5', stream: true },
    finish: 'tool_use',
    errorType: 'overloaded_error',
  },
  {
    name: "Gemini's events",
    provider: 'GOOGLE',
    path: '/v1/gateway/google/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    body: gemini,
    finish: 'STOP',
    errorType: 'UNAVAILABLE',
  },
  {
    name: "Gemini's array",
    provider: 'GOOGLE',
    path: '/v1/gateway/google/v1beta/models/gemini-2.5-flash:streamGenerateContent',
    body: gemini,
    finish: 'STOP',
    errorType: 'UNAVAILABLE',
  },
  {
    name: "Bedrock's frames, converse",
    provider: 'AWS',
    path: `${bedrockModel}/converse-stream`,
    body: {
      messages: [{ role: 'user', content: [{ text: QUESTION }] }],
      toolConfig: { tools: [{ toolSpec: { name, inputSchema: { json: schema } } }] },
    },
    finish: 'tool_use',
    errorType: 'throttlingException',
  },
  {
    name: "Bedrock's frames, invoke",
    provider: 'AWS',
    path: `${bedrockModel}/invoke-with-response-stream`,
    body: { ...claude, anthropic_version: 'bedrock-2023-05-31' },
    finish: 'tool_use',
    errorType: 'throttlingException',
  },
];
