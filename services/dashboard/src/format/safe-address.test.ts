import { describe, expect, it } from '@jest/globals';
import { safeImage, safeLink } from './safe-address.ts';

describe('addresses that others wrote', () => {
  it('lead to the web and to mail alone', () => {
    expect(safeLink('https://example.com/a?b=c')).toBe('https://example.com/a?b=c');
    expect(safeLink('mailto:a@example.com')).toBe('mailto:a@example.com');
    const refused = [
      'javascript:alert(1)',
      ' JaVaScRiPt:alert(1)',
      'java\nscript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
    ];
    for (const address of [...refused, '/sessions', '//example.com', '', undefined]) {
      expect(safeLink(address)).toBeUndefined();
    }
  });

  it('are images only where they hold pixels', () => {
    expect(safeImage('data:image/png;base64,iVBORw0KGgo=')).toBe(true);
    for (const address of [
      'data:image/svg+xml;base64,PHN2Zz4=',
      'https://example.com/a.png',
      'data:image/png,abc',
      'data:image/png;base64,"><x',
    ]) {
      expect(safeImage(address)).toBe(false);
    }
  });
});
