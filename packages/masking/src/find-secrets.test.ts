import { describe, expect, test } from '@jest/globals';
import { maskText } from './mask-text.ts';
import { masksOf } from './masking-rules.ts';

const rules = masksOf({ emails: true, cards: true, keys: true, literals: ['Project Bluebird', 'Zoë'] });
const KEY_BODY = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';

describe('what is masked', () => {
  test.each([
    ['write to jane.doe+x@mail.example.co.uk, please', 'write to [email], please'],
    ['<jane@example.com>.', '<[email]>.'],
    ['mailto:jane@example.com?subject=x', 'mailto:[email]?subject=x'],
    ['jürgen@müller.example и「jane@example.com」', '[email] и「[email]」'],
    ['?email=jane%40example.com&x=1', '?email=[email]&x=1'],
    [String.raw`{\"to\":\"jane\u0040example.com\"}`, String.raw`{\"to\":\"[email]\"}`],
    [String.raw`Hi,\njane@example.com`, String.raw`Hi,\n[email]`],
    ['4111 1111 1111 1111', '[card]'],
    ['4111-1111-1111-1111.', '[card].'],
    ['1234 4111 1111 1111 1111 12', '1234 [card] 12'],
    ['a,5555555555554444,378282246310005', 'a,[card],[card]'],
    ['card4111111111111111x', 'card[card]x'],
    ['6011000990139424 30569309025904 3530111333300000', '[card] [card] [card]'],
    [`Bearer sk-ant-${KEY_BODY}`, 'Bearer [key]'],
    ['sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd', '[key]'],
    [`key=AIza${KEY_BODY.slice(0, 35)}`, 'key=[key]'],
    ['id AKIAIOSFODNN7EXAMPLE,', 'id [key],'],
    [`ghp_${KEY_BODY} xoxb-1234567890-abc`, '[key] [key]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123', '[key]'],
    ['x -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- y', 'x [key] y'],
    ['x -----BEGIN PRIVATE KEY-----\nMII', 'x [key]'],
    ['about Project Bluebird and Zoë', 'about [masked] and [masked]'],
    ['Zo%C3%AB', '[masked]'],
  ])('%s: %s', (text, masked) => expect(maskText(text, rules)).toBe(masked));
});

describe('what is not', () => {
  test.each([
    '@openai/agents pkg@1.2.3 user@host a@ @b @ me@localhost.',
    'task-ant-123456789012345678901234 risk-abcdefghij1234567890 sk-learn-for-everybody-in-the-room',
    '1732233600000 1732233600000000 0.4111111111111111 4111.1111111111',
    '4111111111111112 41111111111111110000000000000000',
    '4111 1111 1111 111',
    '550e8400-e29b-41d4-a716-446655440000',
    'eyJust.a.word eyJhbGciOiJIUzI1NiJ9 AKIA1234 AIzaShort',
    'project bluebird',
  ])('%s', (text) => expect(maskText(text, rules)).toBe(text));
});

describe('at the end of a text that was cut', () => {
  test.each([
    ['my card is 4111 1111 11', 'my card is [card]'],
    ['write to jane@exam', 'write to [email]'],
    ['sk-ant-abcd', '[key]'],
    ['about Project Blu', 'about [masked]'],
    ['about Pro', 'about Pro'],
    ['in 2026', 'in 2026'],
  ])('%s: %s', (text, masked) => {
    expect(maskText(text, rules, true)).toBe(masked);
    expect(maskText(text, rules)).toBe(text);
  });
});

describe('rules that cannot be used', () => {
  test.each([
    [{}, 'masks nothing'],
    [{ literals: ['ab'] }, 'literals[0] has not 3 to 1024 characters'],
    [{ literals: ['x'.repeat(2_000)] }, 'literals[0] has not 3 to 1024 characters'],
    [{ literals: ['email'] }, 'literals[0] is part of what masks put in its place'],
    [{ literals: Array.from({ length: 101 }, (_, i) => `name ${i}`) }, 'more than 100 literals'],
    [{ literals: ['half \ud800'] }, 'literals[0] is half a character'],
    [{ paths: [''] }, 'paths[0] names no value'],
    [{ paths: ['a', 'b[x]'] }, 'paths[1] has neither a number, * nor a name'],
    [{ paths: ['a[0'] }, 'paths[0] has no closing bracket'],
    [{ paths: ['a..'] }, 'paths[0] has no name'],
    [{ paths: Array.from({ length: 101 }, () => 'a') }, 'more than 100 paths'],
  ])('%j: %s', (input, message) => expect(() => masksOf(input)).toThrow(message));

  test('say nothing of the literal', () => {
    expect(() => masksOf({ literals: ['key'] })).toThrow(expect.not.objectContaining({ message: /"key"/ }) as never);
  });
});
