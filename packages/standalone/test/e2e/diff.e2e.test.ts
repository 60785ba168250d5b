import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DiffAnswer } from '@throughline/contracts/api/session-diff';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { rawCall } from '@throughline/testkit/raw-call';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
let env: Record<string, string>;
beforeAll(async () => {
  instance = await startInstance();
  const { url, key } = instance.throughline;
  env = { PORT: new URL(url).port, THROUGHLINE_API_KEY: key };
  await run('first', [
    ['/plan', 'Plan a trip to Oslo.', 'gpt-4o-mini'],
    ['/book', 'Book it.', 'gpt-4o-mini'],
  ]);
  await run('second', [
    ['/plan', 'Plan a trip to Bergen.', 'gpt-4o-mini'],
    ['/check', 'Is it open?', 'gpt-4o-mini'],
    ['/book', 'Book it.', 'gpt-4o-mini'],
  ]);
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);

async function run(session: string, steps: readonly (readonly [path: string, asked: string, model: string])[]) {
  for (const [path, content, model] of steps) {
    const answer = await rawCall({
      url: `${instance.openaiUrl}/chat/completions`,
      headers: { ...instance.session(session, path), authorization: 'Bearer sk-provider-key' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
    });
    expect(answer.status).toBe(200);
  }
  await instance.storedSession(session, steps.length);
}

describe('throughline diff', () => {
  test('prints figures, and of steps those that differ, without colours where nobody looks', async () => {
    const { code, stdout, stderr } = await runThroughline(['diff', 'first', 'second', '--text'], env);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^requests +2 +3 +\+1 +1\.50x$/m);
    expect(stdout).toMatch(/^steps: \d equal, \d changed, 0 only in a, 1 only in b$/m);
    expect(stdout).toMatch(/^~ \/plan {2}request/m);
    expect(stdout).toContain('Plan a trip to [-Oslo-]{+Bergen+}.');
    expect(stdout).toMatch(/^\+ \/check {2}llm, /m);
    expect(stdout).not.toContain('\u001b');
  });

  test('prints the answer of the API with --json, of one path, and at most so many steps', async () => {
    const args = ['diff', 'first', 'second', '--json'];
    const json = async (...more: string[]) => {
      const { stdout } = await runThroughline([...args, ...more], env);
      return JSON.parse(stdout) as DiffAnswer['data'];
    };
    const all = await json();
    expect(all.summary.change.requests).toEqual({ absolute: 1, ratio: 1.5 });
    expect(all.steps[0]).toMatchObject({ path: '/plan', state: 'changed', request: null });
    const below = await json('--path', '/check');
    expect(below.steps.map(({ path, state }) => [path, state])).toEqual([['/check', 'only_b']]);
    expect((await json('--limit', '1')).steps).toHaveLength(1);
    const { stdout } = await runThroughline(['diff', 'first', 'second', '--limit=1'], env);
    expect(stdout).toContain('… and more');
  });

  test('says what it was called wrongly with, and what the API refused', async () => {
    const said = async (args: readonly string[], own = env) => {
      const { code, stderr } = await runThroughline(['diff', ...args], own);
      return [code, stderr.trim()];
    };
    expect(await said(['first'])).toEqual([2, expect.stringContaining('the ids of two sessions')]);
    expect(await said(['first', 'second', '--limit', 'many'])).toEqual([2, expect.stringContaining('--limit')]);
    expect(await said(['first', 'second', '--nonsense'])).toEqual([2, expect.stringContaining('--nonsense')]);
    expect(await said(['first', 'second'], {})).toEqual([2, expect.stringContaining('THROUGHLINE_API_KEY')]);
    expect(await said(['first', 'nobodys'])).toEqual([1, 'throughline: Session not found (status 404)']);
    expect(await said(['first', 'second', '--key', 'wrong'])).toEqual([1, expect.stringContaining('(status 401)')]);
  });
});
