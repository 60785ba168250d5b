import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countTokens, TOKENIZER } from './count-tokens.ts';
import { COUNTED_CHARS_MAX, PIECE_CHARS_MAX, scaledTokens, tokenText } from './token-text.ts';

async function tokens(text: string): Promise<number> {
  const cut = tokenText(text);
  return scaledTokens(cut, await countTokens('o200k_base', cut.pieces));
}

const PROSE = 'It was a bright cold day in April, and the clocks were striking thirteen.\n';

describe('tokens of a text', () => {
  test('are those of OpenAI’s vocabularies', async () => {
    // As OpenAI's cookbook has them.
    expect(await countTokens('o200k_base', ['2 + 2 = 4'])).toBe(7);
    expect(await countTokens('o200k_base', ['お誕生日おめでとう'])).toBe(8);
    expect(await countTokens('cl100k_base', ['お誕生日おめでとう'])).toBe(9);
    const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(TOKENIZER).toBe(`gpt-tokenizer@${dependencies['gpt-tokenizer']}`);
  });

  test('are those of the uncut text, where words are what it is cut between', async () => {
    const text = PROSE.repeat(800);
    expect(text.length).toBeLessThan(COUNTED_CHARS_MAX);
    expect(tokenText(text).pieces.length).toBeGreaterThan(50);
    expect(await tokens(text)).toBe(await countTokens('o200k_base', [text]));
  });

  test('of a text too long to be counted are made of parts of it, from its beginning to its end', async () => {
    const text = `${PROSE.repeat(4_000)}${'0 1 2 3 4 5 6 7 8 9 '.repeat(10_000)}`;
    const exact = (await countTokens('o200k_base', [PROSE])) * 4_000 + 20 * 10_000;
    const estimated = await tokens(text);
    expect(Math.abs(estimated - exact) / exact).toBeLessThan(0.05);
    expect(await tokens(text)).toBe(estimated);
  });

  test('are counted of anything: names of special tokens, half characters, a megabyte of one letter', async () => {
    expect(await tokens('<|endoftext|><|im_start|>')).toBeGreaterThan(4);
    expect(await tokens('\ud83d'.repeat(3_000))).toBeGreaterThan(0);
    expect(await tokens('a'.repeat(1_000_000))).toBe(125_000);
    expect(await tokens('\u{1f600}'.repeat(2_000))).toBe(await tokens(`${'\u{1f600}'.repeat(2_000)}`));
    expect(await tokens('')).toBe(0);
  });

  test('are counted piece by piece: together the pieces are the text, and none is longer than allowed', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(' word', 'a'.repeat(700), '\u{1f600}'.repeat(300), '\ud800', ' '.repeat(200), '<|endoftext|>'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const { pieces, scale } = tokenText(text);
        expect(scale).toBe(1);
        expect(pieces.join('')).toBe(text.toWellFormed());
        expect(pieces.every((piece) => piece.length > 0 && piece.length <= PIECE_CHARS_MAX)).toBe(true);
      }),
    );
  });
});
