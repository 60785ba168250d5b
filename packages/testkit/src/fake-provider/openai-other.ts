import { FAKE_CREATED_AT } from './answer-content.ts';
import { openaiUsage } from './openai-usage.ts';
import { type FakeReply, type FakeRequest, jsonReply } from './reply.ts';

/** Dimensions of a made-up embedding: few, since nobody measures their meaning. */
const DIMENSIONS = 16;

/** `POST /v1/embeddings`, as numbers or, as the SDK asks for it, base64 of little-endian floats. */
export function answerEmbeddings(request: FakeRequest): FakeReply {
  const json = request.json ?? {};
  const inputs = Array.isArray(json.input) ? json.input : [json.input];
  const usage = { ...openaiUsage(request, json.input, 0), reasoning_tokens: 0 };
  const tokens = usage.prompt_tokens! + usage.prompt_cache_read_tokens;
  const data = inputs.map((_, index) => {
    const numbers = Float32Array.from({ length: DIMENSIONS }, () => request.random.next() * 2 - 1);
    const embedding =
      json.encoding_format === 'base64' ? Buffer.from(numbers.buffer).toString('base64') : Array.from(numbers);
    return { object: 'embedding', index, embedding };
  });
  return jsonReply(
    200,
    { object: 'list', data, model: usage.model, usage: { prompt_tokens: tokens, total_tokens: tokens } },
    // The cache discount does not exist for embeddings.
    { ...usage, prompt_tokens: tokens, prompt_cache_read_tokens: 0 },
  );
}

/** `POST /v1/moderations`: what has the word `harmful` in it is flagged. */
export function answerModerations(request: FakeRequest): FakeReply {
  const input = request.json?.input;
  const results = (Array.isArray(input) ? input : [input]).map((text) => {
    const flagged = /\bharmful\b/.test(String(text));
    return { flagged, categories: { violence: flagged, hate: false } };
  });
  return jsonReply(200, { id: 'modr-fake', model: 'omni-moderation-latest', results });
}

/** `GET /v1/models` and `GET /v1/models/{id}`. */
export function answerModels(request: FakeRequest): FakeReply {
  const id = /\/models\/(.+)$/.exec(request.path)?.[1];
  const model = (name: string) => ({ id: name, object: 'model', created: FAKE_CREATED_AT, owned_by: 'system' });
  if (id) return jsonReply(200, model(decodeURIComponent(id)));
  return jsonReply(200, { object: 'list', data: ['gpt-4o-mini', 'gpt-4.1', 'text-embedding-3-small'].map(model) });
}
