import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { visibleText } from './visible-text.ts';

describe('visible text', () => {
  it('shows terminal escapes, overrides of direction and hidden words instead of letting them act', () => {
    expect(visibleText('\u001b[31mred\u0007')).toBe('␛[31mred␇');
    expect(visibleText('user\u202egnp.exe')).toBe('user⟦RLO⟧gnp.exe');
    expect(visibleText('a\u2066b\u2069')).toBe('a⟦LRI⟧b⟦PDI⟧');
    expect(visibleText('\u{e0041}')).toBe('⟦U+E0041⟧');
    expect(visibleText('\u007f\u0085')).toBe('␡⟦U+0085⟧');
  });

  it('keeps lines, tabs, and texts of every script', () => {
    const text = 'one\n\ttwo שלום مرحبا 你好 👩‍👩‍👧';
    expect(visibleText(text)).toBe(text);
    expect(visibleText('a\r\nb')).toBe('a\nb');
    expect(visibleText('a\rb')).toBe('a␍b');
  });

  it('leaves nothing that acts, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(visibleText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});
