import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Instance } from '../start-instance.ts';
import type { SeedSession, SeedStep } from './seed-session.ts';

/** Plays sessions at once, and waits until lists show all of their requests. @returns ids of requests by session and path, in order. */
export async function playSessions(
  instance: Instance,
  sessions: readonly SeedSession[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const played = await Promise.all(sessions.map((session) => playSession(instance, session)));
  await waitFor(
    async () => {
      const listed = new Map((await instance.api.sessions()).map((one) => [one.session_id, one.total_requests]));
      return sessions.every(({ id }, at) => (listed.get(id) ?? 0) >= played[at]!.length);
    },
    { what: 'all sessions in the list', timeoutMs: 30_000, intervalMs: 100 },
  );
  for (const { id, tag, rating } of sessions) {
    if (tag !== undefined) await say(instance, `/v1/session/${encodeURIComponent(id)}/tag`, { tag });
    if (rating !== undefined) await say(instance, `/v1/session/${encodeURIComponent(id)}/feedback`, { rating });
  }
  return new Map(sessions.map(({ id }, at) => [id, played[at]!]));
}

/** Plays one session to its end. @returns the ids of its requests, in the order of its stages. */
export async function playSession(instance: Instance, session: SeedSession): Promise<string[]> {
  const ids: string[] = [];
  let atMs = session.atMs;
  for (const stage of session.stages) {
    const startMs = atMs;
    ids.push(...(await Promise.all(stage.map((step) => playStep(instance, session, step, startMs)))));
    if (atMs !== undefined) atMs += Math.max(...stage.map(({ takesMs = LOGGED_MS }) => takesMs)) + PAUSE_MS;
  }
  return ids;
}

const LOGGED_MS = 800;
const LIVE_MS = 15;
const PAUSE_MS = 150;

/** @param startMs epoch ms; undefined: now. @returns the request's id. */
export async function playStep(
  instance: Instance,
  session: Pick<SeedSession, 'id' | 'name' | 'user' | 'properties'>,
  step: SeedStep,
  startMs?: number,
): Promise<string> {
  const proxied = (step.by ?? 'openai') === 'openai' || step.by === 'anthropic';
  const call = startMs === undefined && proxied ? proxiedCall(instance, step) : loggedCall(instance, step, startMs);
  const { headers, body, url } = call;
  const answer = await rawCall({
    url,
    headers: { 'content-type': 'application/json', ...sessionHeaders(instance, session, step), ...headers },
    body: JSON.stringify(body),
  });
  const wanted = startMs === undefined && proxied ? (step.status ?? 200) : 200;
  if (answer.status !== wanted || answer.end !== 'complete') {
    throw new Error(
      `${session.id} ${step.path}: ${answer.status} ${answer.end} ${answer.body.toString().slice(0, 300)}`,
    );
  }
  return answer.headers.find(([name]) => name.toLowerCase() === 'helicone-id')?.[1] ?? '';
}

interface Call {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function proxiedCall(instance: Instance, step: SeedStep): Call {
  const { words, status, takesMs = 20, script } = step;
  const headers = scriptHeader({
    delayMs: takesMs,
    ...(words !== undefined && { words }),
    ...(status !== undefined && { status }),
    ...script,
  });
  if (step.by === 'anthropic') {
    const { system, ...body } = { ...chatBody(step, 'claude-sonnet-4-6'), max_tokens: 4_000 };
    const tool = step.tool && { tools: [{ name: step.tool, input_schema: PARAMETERS }] };
    return {
      url: `${instance.anthropicUrl}/v1/messages`,
      headers,
      body: { ...body, ...(system && { system }), ...tool },
    };
  }
  const { system, messages, ...rest } = chatBody(step, 'gpt-4o-mini');
  const body = {
    ...rest,
    messages: [...(system ? [{ role: 'system', content: system }] : []), ...messages],
    ...(step.streamed && { stream_options: { include_usage: true } }),
    ...(step.tool && { tools: [{ type: 'function', function: { name: step.tool, parameters: PARAMETERS } }] }),
  };
  return { url: `${instance.openaiUrl}/chat/completions`, headers, body };
}

const PARAMETERS = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };

function chatBody(step: SeedStep, model: string) {
  return {
    model: step.model ?? model,
    system: step.system,
    messages: step.messages ?? [{ role: 'user', content: step.ask ?? `What comes next at ${step.path}?` }],
    ...(step.streamed && { stream: true }),
  };
}

function loggedCall(instance: Instance, step: SeedStep, startMs: number | undefined): Call {
  // What takes place now is in the order in which it is logged.
  const { by = 'openai', takesMs = startMs === undefined ? LIVE_MS : LOGGED_MS, status = 200 } = step;
  const start = startMs ?? Date.now() - takesMs;
  const time = (ms: number) => ({ seconds: Math.floor(ms / 1_000), milliseconds: Math.floor(ms % 1_000) });
  return {
    url: `${instance.throughline.url}/${by === 'anthropic' ? 'anthropic' : by === 'openai' ? 'oai' : 'custom'}/v1/log`,
    headers: { authorization: `Bearer ${instance.throughline.key}` },
    body: {
      providerRequest: { url: 'custom-model-nopath', json: loggedRequest(step, by), meta: {} },
      providerResponse: { json: loggedResponse(step, by), status, headers: {} },
      timing: {
        startTime: time(start),
        endTime: time(start + takesMs),
        ...(step.streamed && { timeToFirstToken: Math.round(takesMs / 4) }),
      },
    },
  };
}

function loggedRequest(step: SeedStep, by: string): object {
  const ask = step.ask ?? `What comes next at ${step.path}?`;
  if (by === 'tool') return { _type: 'tool', toolName: step.model ?? 'calculator', input: { query: ask } };
  if (by === 'vector_db')
    return { _type: 'vector_db', operation: 'search', databaseName: 'handbook', text: ask, topK: 3 };
  if (by === 'data') return { _type: 'data', name: step.model ?? 'load', query: ask };
  const { system, messages, ...rest } = chatBody(step, by === 'anthropic' ? 'claude-sonnet-4-6' : 'gpt-4o-mini');
  if (by === 'anthropic') return { ...rest, messages, ...(system && { system }) };
  return { ...rest, messages: [...(system ? [{ role: 'system', content: system }] : []), ...messages] };
}

function loggedResponse(step: SeedStep, by: string): object {
  const { status = 200, answer = 'It is done.', words = 40, model } = step;
  if (status >= 400) return { error: { type: 'server_error', message: answer } };
  if (by === 'tool') return { _type: 'tool', status: 'success', output: answer };
  if (by === 'vector_db')
    return { _type: 'vector_db', status: 'success', actualSimilarity: 0.83, metadata: { hits: 3 } };
  if (by === 'data') return { _type: 'data', status: 'success', data: answer };
  if (by === 'anthropic') {
    return {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: model ?? 'claude-sonnet-4-6',
      content: [{ type: 'text', text: answer }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 200, output_tokens: words },
    };
  }
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: model ?? 'gpt-4o-mini',
    choices: [
      { index: 0, message: step.answerMessage ?? { role: 'assistant', content: answer }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 200, completion_tokens: words, total_tokens: 200 + words },
  };
}

function sessionHeaders(
  { throughline }: Instance,
  session: Pick<SeedSession, 'id' | 'name' | 'user' | 'properties'>,
  step: SeedStep,
): Record<string, string> {
  const properties = { ...session.properties, ...step.properties };
  return {
    'Helicone-Auth': `Bearer ${throughline.key}`,
    'Helicone-Session-Id': headerText(session.id),
    'Helicone-Session-Name': headerText(session.name),
    'Helicone-Session-Path': headerText(step.path),
    ...(session.user !== undefined && { 'Helicone-User-Id': headerText(session.user) }),
    ...Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [`Helicone-Property-${name}`, headerText(value)]),
    ),
  };
}

/** Node writes headers as Latin-1: UTF-8 bytes arrive as they are. */
function headerText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

async function say(instance: Instance, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await instance.api.call('POST', path, body);
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
}
