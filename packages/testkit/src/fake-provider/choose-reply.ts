import { createHash } from 'node:crypto';
import { answerMessages } from './anthropic-messages.ts';
import { apiOfPath } from './api-of-path.ts';
import { answerConverse } from './bedrock-converse.ts';
import { answerInvoke } from './bedrock-invoke.ts';
import { errorReply } from './error-reply.ts';
import { answerGenerateContent } from './gemini-generate-content.ts';
import { answerChat } from './openai-chat.ts';
import { answerCompletion } from './openai-completions.ts';
import { answerEmbeddings, answerModels, answerModerations } from './openai-other.ts';
import { answerResponse } from './openai-responses.ts';
import { type FakeReply, type FakeRequest, jsonReply } from './reply.ts';

/**
 * The answer to a request, by its path: the APIs of OpenAI, Anthropic, Gemini and Bedrock, `/echo` (the body back as it
 * came) and `/describe` (what arrived, as JSON) for any other HTTP API, else the provider's 404.
 */
export function chooseReply(request: FakeRequest): FakeReply {
  const { path, script } = request;
  const api = apiOfPath(path);
  if (script.status) return errorReply(script.status, api, request);
  if (path.endsWith('/echo')) return echo(request);
  if (path.endsWith('/describe')) return describeRequest(request);
  const answer = ANSWERS.find(([end]) => path.endsWith(end))?.[1];
  if (!answer) return /\/models(\/|$)/.test(path) ? answerModels(request) : errorReply(404, api, request);
  return request.json ? answer(request) : errorReply(400, api, request);
}

const ANSWERS: readonly (readonly [end: string, answer: (request: FakeRequest) => FakeReply])[] = [
  ['/chat/completions', answerChat],
  ['/completions', answerCompletion],
  ['/responses', answerResponse],
  ['/embeddings', answerEmbeddings],
  ['/moderations', answerModerations],
  ['/messages', answerMessages],
  [':generateContent', answerGenerateContent],
  [':streamGenerateContent', answerGenerateContent],
  ['/converse', answerConverse],
  ['/converse-stream', answerConverse],
  ['/invoke', answerInvoke],
  ['/invoke-with-response-stream', answerInvoke],
];

function echo(request: FakeRequest): FakeReply {
  const type = request.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return {
    status: 200,
    contentType: type ?? 'application/octet-stream',
    parts: [request.body],
    streamed: false,
    usage: null,
  };
}

function describeRequest(request: FakeRequest): FakeReply {
  return jsonReply(200, {
    method: request.method,
    path: request.path,
    query: [...request.query],
    bytes: request.body.length,
    sha256: createHash('sha256').update(request.body).digest('hex'),
  });
}
