import { expect, test } from '@jest/globals';
import { SNIPPET_KINDS, SNIPPET_NOTES, snippetText } from './snippet-texts.ts';

const asked = { origin: 'https://throughline.example', apiKey: 'sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd' };

test.each(SNIPPET_KINDS.map(([kind]) => kind))(
  'the snippet for %s has the address, the key, and names a session',
  (kind) => {
    const text = snippetText(kind, asked);
    expect(text).toContain(asked.origin);
    expect(text).toContain(`Bearer ${asked.apiKey}`);
    expect(text).toContain('Helicone-Session-Id');
    expect(text).toContain('/greeting');
    expect(SNIPPET_NOTES[kind]).not.toBe('');
  },
);

test('what is logged by hand is JSON', () => {
  const [, body] = /-d '([^']*)'/.exec(snippetText('log', asked))!;
  expect(JSON.parse(body!)).toMatchObject({ providerRequest: { json: { model: 'gpt-4o-mini' } } });
});
