/**
 * One session with many steps, with the `openai` package: a course outline is written top-down, chapters and sections
 * in parallel. The only lines about Throughline are the base URL and the headers.
 */
import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { showSession } from './show-session.ts';

const url = process.env.THROUGHLINE_URL ?? 'http://127.0.0.1:8585';
const key = process.env.THROUGHLINE_API_KEY;
const topic = process.argv[2] ?? 'Baking bread at home';
const sessionId = randomUUID();

const openai = new OpenAI({
  baseURL: `${url}/v1/gateway/oai/v1`,
  apiKey: process.env.OPENAI_API_KEY,
  defaultHeaders: {
    ...(key && { 'Helicone-Auth': `Bearer ${key}` }),
    'Helicone-Session-Id': sessionId,
    'Helicone-Session-Name': 'Course outline',
    'Helicone-User-Id': 'example-typescript',
    'Helicone-Property-Topic': topic,
  },
});

/** One step of the session: its path says where in the tree it belongs. */
let calls = 0;

async function write(path: string, task: string): Promise<string> {
  calls++;
  const answer = await openai.chat.completions.create(
    {
      model: 'gpt-4o-mini',
      max_completion_tokens: 300,
      messages: [
        { role: 'system', content: `You design a short course: ${topic}.` },
        { role: 'user', content: task },
      ],
    },
    { headers: { 'Helicone-Session-Path': path } },
  );
  return answer.choices[0]?.message.content ?? '';
}

const abstract = await write('/abstract', 'Write an abstract of two sentences.');
const outline = await write('/outline', `Name two chapters, each with two sections, for this abstract:\n${abstract}`);

await Promise.all(
  [1, 2].map(async (chapter) => {
    const path = `/outline/chapter-${chapter}`;
    const text = await write(path, `Introduce chapter ${chapter} of this outline:\n${outline}`);
    await Promise.all(
      [1, 2].map((section) => write(`${path}/section-${section}`, `Write section ${section} of the chapter:\n${text}`)),
    );
  }),
);

await showSession(url, key, sessionId, calls);
