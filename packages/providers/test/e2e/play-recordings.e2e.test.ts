import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { guardChild } from '@throughline/testkit/process/child-guard';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { Recording } from '../../scripts/recorded-answer.ts';
import {
  CONVERSE_FRAMES,
  EVENT_STREAM,
  exceptionFrame,
  INVOKE_FRAMES,
  TO_CONVERSE_STREAM,
  TO_INVOKE_STREAM,
} from '../../src/fixtures/bedrock-call.ts';
import {
  CHAT_BODY,
  CHAT_STREAM,
  MESSAGES_BODY,
  MESSAGES_STREAM,
  RESPONSES_STREAM,
  STREAMED,
  TO_ANTHROPIC,
  TO_RESPONSES,
} from '../../src/fixtures/captured-call.ts';
import { GEMINI_BODY, GEMINI_STREAM, TO_GEMINI, TO_GEMINI_STREAM } from '../../src/fixtures/gemini-call.ts';
import { COHERE_BODY, TO_COHERE } from '../../src/fixtures/other-calls.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/play-recordings.ts', import.meta.url));
const CHAT = { path: '/v1/chat/completions', requestText: '{"model":"gpt-4o","messages":[]}' } as const;
const REFUSED = { error: { message: 'Slow down', type: 'rate_limit_error', code: '429' } };

type Answer = Pick<Recording['response'], 'text' | 'base64'> & {
  readonly contentType?: string;
  readonly status?: number;
};

function recording(
  host: string,
  { path, requestText }: { readonly path: string; readonly requestText: string },
  { contentType = 'application/json', status = 200, ...body }: Answer,
): Recording {
  return {
    id: `${host}${path}`,
    host,
    method: requestText === '' ? 'GET' : 'POST',
    path,
    request: { headers: { 'content-type': 'application/json' }, text: requestText },
    response: { status, content_type: contentType, ...body },
  };
}

const json = (body: object): Answer => ({ text: JSON.stringify(body) });
const events = (text: string): Answer => ({ text, contentType: STREAMED.responseContentType });
const frames = (list: readonly Uint8Array[]): Answer => ({
  base64: Buffer.concat(list).toString('base64'),
  contentType: EVENT_STREAM.responseContentType,
});

const BEDROCK = 'bedrock-runtime.us-east-1.amazonaws.com';
const RECORDINGS = [
  recording('api.openai.com', CHAT, json(CHAT_BODY)),
  recording('api.openai.com', CHAT, events(CHAT_STREAM)),
  // Hardly a cut that is not within a character.
  recording('api.openai.com', CHAT, events(CHAT_STREAM.replace('The', '多瑙河🌊'.repeat(40)))),
  recording('api.openai.com', CHAT, { ...json(REFUSED), status: 429 }),
  recording('api.openai.com', { path: '/v1/models?limit=2', requestText: '' }, json({ object: 'list', data: [] })),
  recording('api.openai.com', TO_RESPONSES, events(RESPONSES_STREAM)),
  recording('api.anthropic.com', TO_ANTHROPIC, json(MESSAGES_BODY)),
  recording('api.anthropic.com', TO_ANTHROPIC, events(MESSAGES_STREAM)),
  recording('generativelanguage.googleapis.com', TO_GEMINI, json(GEMINI_BODY)),
  recording('generativelanguage.googleapis.com', TO_GEMINI_STREAM, events(GEMINI_STREAM)),
  recording('acme.openai.azure.com', { ...CHAT, path: '/openai/deployments/x/chat/completions' }, json(CHAT_BODY)),
  recording(BEDROCK, TO_CONVERSE_STREAM, frames(CONVERSE_FRAMES)),
  recording(BEDROCK, TO_INVOKE_STREAM, frames(INVOKE_FRAMES)),
  recording('api.cohere.com', TO_COHERE, json(COHERE_BODY)),
  recording('openrouter.ai', CHAT, json({ ...CHAT_BODY, usage: { ...CHAT_BODY.usage, cost: 0.012_345 } })),
  recording('llm.nobody.example', { ...CHAT, path: '/api/chat/completions' }, events(CHAT_STREAM)),
];

async function play(recordings: readonly Recording[], ...variants: string[]) {
  await using dir = await createTempDir('recordings');
  const file = join(dir.path, 'recordings.jsonl.gz');
  await writeFile(file, gzipSync(recordings.map((one) => JSON.stringify(one)).join('\n')));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT, file, ...variants]);
  guardChild(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output };
}

test('recordings of every shape, in every variant, arrive as they are and are read as they say', async () => {
  const { code, output } = await play(RECORDINGS);
  const calls = RECORDINGS.length * 7;
  expect(output).toContain(`${calls} of ${calls} agree, 0 accepted, 0 differ`);
  expect(code).toBe(0);
});

test('what differs is named and fails the run; a provider that contradicts itself does not', async () => {
  const contradictory = {
    ...CHAT_BODY,
    usage: { prompt_tokens: 1, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 5 } },
  };
  const { code, output } = await play(
    [
      recording('api.openai.com', CHAT, json(contradictory)),
      // A host that those who compare do not know is played at a name of this machine.
      recording('api.together.xyz', CHAT, json(CHAT_BODY)),
      // An exception is nothing that those who compare look for.
      recording(BEDROCK, TO_CONVERSE_STREAM, frames([exceptionFrame('throttlingException', 'Slow down')])),
    ],
    'plain',
  );
  expect(output).toContain(`DIFFERS plain ${BEDROCK}`);
  expect(output).toContain('error: true instead of false');
  expect(output).toMatch(/the provider contradicts itself/);
  expect(output).toContain('1 of 3 agree, 1 accepted, 1 differ');
  expect(code).toBe(1);
});
