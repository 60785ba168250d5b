import { callTool, fakeId, writeText } from './answer-content.ts';
import { openaiUsage, untold } from './openai-usage.ts';
import {
  arrayReply,
  type FakeReply,
  type FakeRequest,
  type FakeUsage,
  isJsonObject,
  type JsonObject,
  jsonReply,
  streamReply,
} from './reply.ts';

/**
 * `POST …/models/{model}:generateContent` and `:streamGenerateContent`: text, or a function call where functions are
 * offered and the last content holds no result. Streams are events where the query says `alt=sse`, else one JSON array
 * that is sent in pieces; there is no `[DONE]`.
 */
export function answerGenerateContent(request: FakeRequest): FakeReply {
  const json = request.json ?? {};
  const model = /\/models\/([^/:]+):/.exec(request.path)?.[1] ?? 'gemini-2.5-flash';
  const tool = wantedTool(request);
  const config = isJsonObject(json.generationConfig) ? json.generationConfig : {};
  const text = tool ? null : writeText(request, config.maxOutputTokens);
  const call = tool ? callTool(request, tool.name, tool.parameters) : null;
  const prompt = [json.systemInstruction, ...(Array.isArray(json.contents) ? json.contents : [])];
  const counted = openaiUsage({ ...request, json: { model } }, prompt.map(partsOf), (text ?? call)!.tokenCount);
  // Models of this family think before they answer unless told not to; what they thought is counted beside the answer.
  const thoughts = /^gemini-2\.5-pro|^gemini-3/.test(model) ? 32 * request.random.integer(1, 4) : 0;
  const usage = { ...counted, model, reasoning_tokens: thoughts };
  const told = request.script.usage !== false;
  const says = told ? usage : untold(usage);

  // A model that calls a function has stopped like any other.
  const finishReason = text?.limited ? 'MAX_TOKENS' : 'STOP';
  const responseId = fakeId('', request.random);
  const chunk = (parts: readonly JsonObject[], last: boolean): JsonObject => ({
    candidates: [{ content: { parts, role: 'model' }, ...(last && { finishReason }), index: 0 }],
    // Counts come with every chunk and grow.
    ...(told && { usageMetadata: usageMetadata(usage, last) }),
    modelVersion: model,
    responseId,
  });
  const parts: readonly JsonObject[] = call
    ? [{ functionCall: { name: call.name, args: JSON.parse(call.arguments) } }]
    : [{ text: text!.text }];
  if (request.path.endsWith(':generateContent')) return jsonReply(200, chunk(parts, true), says);

  const chunks = call
    ? [chunk(parts, true)]
    : text!.deltas.map((delta, index) => chunk([{ text: delta }], index === text!.deltas.length - 1));
  const failed = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };
  if (request.query.get('alt') !== 'sse') return arrayReply(chunks, failed, says);
  return streamReply(
    request,
    chunks.map((data) => ({ data })),
    { data: failed },
    says,
  );
}

function usageMetadata(usage: FakeUsage, last: boolean): JsonObject {
  const prompt = usage.prompt_tokens! + usage.prompt_cache_read_tokens;
  const thoughts = usage.reasoning_tokens;
  const answer = last ? usage.completion_tokens! : 0;
  return {
    promptTokenCount: prompt,
    ...(last && { candidatesTokenCount: answer }),
    totalTokenCount: prompt + thoughts + answer,
    ...(usage.prompt_cache_read_tokens > 0 && { cachedContentTokenCount: usage.prompt_cache_read_tokens }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  };
}

/** A content as `countPromptTokens` reads messages. */
function partsOf(content: unknown): unknown {
  return isJsonObject(content) ? { content: content.parts } : [];
}

function wantedTool({ json, script }: FakeRequest): { name: string; parameters: unknown } | undefined {
  if (script.tools === false || !Array.isArray(json?.tools)) return undefined;
  const last: unknown = Array.isArray(json.contents) ? json.contents.at(-1) : undefined;
  const parts: unknown = isJsonObject(last) ? last.parts : undefined;
  if (Array.isArray(parts) && parts.some((part) => isJsonObject(part) && part.functionResponse)) return undefined;
  const [first]: unknown[] = json.tools.flatMap((tool: unknown) =>
    isJsonObject(tool) && Array.isArray(tool.functionDeclarations) ? tool.functionDeclarations : [],
  );
  if (!isJsonObject(first)) return undefined;
  return { name: String(first.name), parameters: lowerTypes(first.parameters ?? first.parametersJsonSchema) };
}

/** Google's schemas name types in capitals (`OBJECT`), JSON Schema in lower case. */
function lowerTypes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lowerTypes);
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'type' && typeof value === 'string' ? value.toLowerCase() : lowerTypes(value),
    ]),
  );
}
