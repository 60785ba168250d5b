import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { guardChild } from '@throughline/testkit/process/child-guard';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { demoSessions } from '../../src/demo/demo-sessions.ts';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

// The Python example runs with the other Python tests.

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

test.each([
  ['course-outline.ts', 8, ['/abstract', '/outline', '/outline/chapter-2', '/outline/chapter-1/section-2']],
  ['anthropic-outline.ts', 3, ['/outline', '/outline/chapter-1', '/outline/chapter-2']],
])(
  'the example %s makes a session and shows it',
  async (name, calls, paths) => {
    const stdout = await runExample(name);
    const sessionId = /Session (\S+)/.exec(stdout)?.[1];
    expect(stdout).toContain(`${calls} requests`);
    const stored = await instance.storedSession(sessionId!, calls);
    const storedPaths = stored.map(({ session_path }) => session_path);
    expect(storedPaths).toEqual(expect.arrayContaining(paths));
    expect(stored.every(({ cost }) => cost !== null && cost > 0)).toBe(true);
  },
  30_000,
);

test('the demo fills a running instance with priced sessions that the list shows', async () => {
  const { dataDir, url, key } = instance.throughline;
  const demo = await runThroughline(['demo'], { THROUGHLINE_DATA_DIR: dataDir, PORT: new URL(url).port });
  expect([demo.code, demo.stderr]).toEqual([0, '']);
  const planned = demoSessions();
  for (const { name, stages } of planned) {
    const pattern = new RegExp(`${name} +${stages.flat().length} calls +${url}/v1/session/(\\S+)`);
    const id = pattern.exec(demo.stdout)?.[1];
    const stored = await instance.storedSession(id!, stages.flat().length);
    // A provider's own error costs nothing; searches are no model's, so nothing says what they cost.
    const models = stored.filter(({ model }) => /^(gpt|claude|text-embedding)/.test(model));
    expect(models.length).toBeGreaterThan(1);
    expect(models.every(({ cost }) => cost !== null)).toBe(true);
  }
  const listed = await instance.api.sessions();
  expect(listed.map(({ session_name }) => session_name)).toEqual(
    expect.arrayContaining(planned.map(({ name }) => name)),
  );
  expect(demo.stdout).not.toContain(key);
}, 30_000);

function runExample(name: string): Promise<string> {
  const script = fileURLToPath(new URL(`../../../../examples/typescript/${name}`, import.meta.url));
  const child = spawn(process.execPath, [script, 'Knots'], {
    env: {
      PATH: process.env.PATH,
      THROUGHLINE_URL: instance.throughline.url,
      THROUGHLINE_API_KEY: instance.throughline.key,
      OPENAI_API_KEY: 'sk-provider',
      ANTHROPIC_API_KEY: 'sk-ant-provider',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  guardChild(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${name} ended with ${code}:\n${output}`));
    });
  });
}
