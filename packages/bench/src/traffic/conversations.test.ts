import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { callNames, conversationsOf } from './conversations.ts';

test('are those of a folder, compressed or not', async () => {
  await using dir = await createTempDir('conversations');
  const one = { session: 'a', messages: [{ role: 'user', content: 'hello' }] };
  await writeFile(join(dir.path, 'a.json'), JSON.stringify([one]));
  await writeFile(join(dir.path, 'b.json.gz'), gzipSync(JSON.stringify([{ ...one, session: 'b' }])));
  await writeFile(join(dir.path, 'README.md'), 'no conversations');
  expect(conversationsOf(dir.path).map(({ session }) => session)).toEqual(['a', 'b']);
  await using empty = await createTempDir('conversations');
  expect(() => conversationsOf(empty.path)).toThrow('has no conversations');
});

test('are made up where there is no folder, the same each time, and no two calls of theirs have one name', () => {
  const made = conversationsOf(undefined);
  expect(conversationsOf(undefined)).toEqual(made);
  const names = made.flatMap(({ messages }) =>
    messages.flatMap(({ role }, at) => (role === 'assistant' ? [callNames(messages.slice(0, at)).exact] : [])),
  );
  expect(names.length).toBeGreaterThan(500);
  expect(new Set(names).size).toBe(names.length);
});

test('a call that was written anew on its way is found', () => {
  const messages = [
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: null },
    { role: 'tool', content: 'found' },
  ] as const;
  const asParts = [
    { role: 'user', content: [{ type: 'text', text: 'hello' }] },
    { role: 'assistant' },
    { role: 'tool', content: [{ type: 'text', text: 'found' }] },
  ];
  const quoted = [...messages.slice(0, 2), { role: 'tool', content: '"found"' } as const];
  expect(callNames(asParts as never)).toEqual(callNames(messages));
  expect(callNames(quoted)).toMatchObject({ loose: callNames(messages).loose });
  expect(callNames(quoted).exact).not.toBe(callNames(messages).exact);
  expect(callNames(messages.slice(0, 1)).loose).not.toBe(callNames(messages).loose);
});
