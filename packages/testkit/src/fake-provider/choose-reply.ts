import { createHash } from 'node:crypto';
import { answerMessages, OVERLOADED } from './anthropic-messages.ts';
import { answerChat, SERVER_ERROR } from './openai-chat.ts';
import { answerCompletion } from './openai-completions.ts';
import { answerEmbeddings, answerModels } from './openai-other.ts';
import { answerResponse } from './openai-responses.ts';
import { type FakeReply, type FakeRequest, jsonReply } from './reply.ts';

/**
 * The answer to a request, by its path: the APIs of OpenAI and Anthropic, `/echo` (the body back as it came) and
 * `/describe` (what arrived, as JSON) for any other HTTP API, else the provider's 404.
 */
export function chooseReply(request: FakeRequest): FakeReply {
  const { path, script } = request;
  const anthropic = path.includes('/messages');
  if (script.status) return errorReply(script.status, anthropic);
  if (path.endsWith('/echo')) return echo(request);
  if (path.endsWith('/describe')) return describeRequest(request);
  if (/\/models(\/|$)/.test(path)) return answerModels(request);
  const answer = ANSWERS.find(([end]) => path.endsWith(end))?.[1];
  if (!answer) return errorReply(404, anthropic);
  return request.json ? answer(request) : errorReply(400, anthropic);
}

const ANSWERS: readonly (readonly [end: string, answer: (request: FakeRequest) => FakeReply])[] = [
  ['/chat/completions', answerChat],
  ['/completions', answerCompletion],
  ['/responses', answerResponse],
  ['/embeddings', answerEmbeddings],
  ['/messages', answerMessages],
];

function errorReply(status: number, anthropic: boolean): FakeReply {
  const [type, message] = ERRORS[status] ?? (status >= 500 ? ['server_error', 'Server error'] : ['error', 'Error']);
  if (anthropic) {
    const body = status === 529 ? OVERLOADED : { type: 'error', error: { type, message } };
    return jsonReply(status, { ...body, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' });
  }
  if (status === 500) return jsonReply(500, SERVER_ERROR);
  return jsonReply(status, { error: { message, type, param: null, code: status === 429 ? type : null } });
}

const ERRORS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'We could not parse the JSON body of your request.'],
  401: ['invalid_request_error', 'Incorrect API key provided.'],
  404: ['invalid_request_error', 'Unknown request URL.'],
  429: ['rate_limit_exceeded', 'Rate limit reached. Please try again later.'],
};

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
