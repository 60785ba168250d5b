/** The same idea with `@anthropic-ai/sdk`, streamed: an outline first, then its chapters in parallel. */
import { randomUUID } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import { showSession } from './show-session.ts';

const url = process.env.THROUGHLINE_URL ?? 'http://127.0.0.1:8585';
const key = process.env.THROUGHLINE_API_KEY;
const topic = process.argv[2] ?? 'Baking bread at home';
const sessionId = randomUUID();

const anthropic = new Anthropic({
  baseURL: `${url}/v1/gateway/anthropic`,
  apiKey: process.env.ANTHROPIC_API_KEY,
  defaultHeaders: {
    ...(key && { 'Helicone-Auth': `Bearer ${key}` }),
    'Helicone-Session-Id': sessionId,
    'Helicone-Session-Name': 'Course outline',
    'Helicone-User-Id': 'example-anthropic',
  },
});

let calls = 0;

async function write(path: string, task: string): Promise<string> {
  calls++;
  const stream = anthropic.messages.stream(
    {
      model: 'claude-sonnet-4-6',
      max_tokens: 300,
      system: `You design a short course: ${topic}.`,
      messages: [{ role: 'user', content: task }],
    },
    { headers: { 'Helicone-Session-Path': path } },
  );
  return stream.finalText();
}

const outline = await write('/outline', 'Name two chapters.');
await Promise.all(
  [1, 2].map((chapter) => write(`/outline/chapter-${chapter}`, `Introduce chapter ${chapter} of:\n${outline}`)),
);

await showSession(url, key, sessionId, calls);
