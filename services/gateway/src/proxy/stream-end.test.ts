import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StreamEnd } from './stream-end.ts';

/** Byte offset after which the end is known, −1 when it never is. */
function endsAt(text: string): number {
  const end = new StreamEnd();
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i++) if (end.push(bytes.subarray(i, i + 1)) === 'ended') return i + 1;
  return -1;
}

describe('the end of a stream of events', () => {
  test.each([
    'data: [DONE]\n\n',
    'data:[DONE]\n\n',
    'data: [DONE]\r\n\r\n',
    'data: {"x":1}\n\ndata: [DONE]\n\n',
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    'event:response.completed\r\ndata: {"a":"b"}\r\n\r\n',
    'data: {"type":"response.incomplete","x":1}\n\n',
    'data: {"type": "response.failed"}\n\n',
    ': comment\n\nevent: response.failed\ndata: {}\n\n',
  ])('%j ends with its last byte', (text) => {
    expect(endsAt(text)).toBe(text.length);
  });

  test.each([
    'data: {"text":"data: [DONE]"}\n\n',
    'data:  [DONE]\n\n',
    ' data: [DONE]\n\n',
    'event: message_stopped\ndata: {}\n\n',
    'event: xmessage_stop\n\n',
    'data: {"text":"","type":"response.completed"}\n\n',
    'retry: 1\n\n\n\n',
    `data: ${'x'.repeat(100)}data: [DONE]\n\n`,
  ])('%j does not', (text) => {
    expect(endsAt(text)).toBe(-1);
  });

  test('the first recognisable part of the last event is not passed on', () => {
    const end = new StreamEnd();
    expect(end.push(Buffer.from('data: {"a":1}\n\ndata: [DO'))).toBe('open');
    expect(end.push(Buffer.from('NE]'))).toBe('ending');
    expect(end.push(Buffer.from('\n'))).toBe('ending');
    expect(end.push(Buffer.from('\n'))).toBe('ended');
  });

  test('what only looked like the last event lets the stream go on', () => {
    const end = new StreamEnd();
    expect(end.push(Buffer.from('event: message_stop'))).toBe('ending');
    expect(end.push(Buffer.from('ped\n\n'))).toBe('open');
  });

  test('is the same however the bytes are cut', () => {
    const line = fc.constantFrom(
      'data: {"a":"é"}',
      'data: [DONE]',
      'event: message_stop',
      'event: ping',
      'data: {"type":"response.completed"}',
      `data: ${'y'.repeat(60)}`,
      '',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 30 })), (lines, cuts) => {
        const bytes = Buffer.from(`${lines.join('\n')}\n`);
        const expected = endsAt(bytes.toString());
        const end = new StreamEnd();
        let at = 0;
        let found = -1;
        for (let i = 0; at < bytes.length && found === -1; i++) {
          const next = Math.min(bytes.length, at + (cuts[i % Math.max(1, cuts.length)] ?? bytes.length));
          if (end.push(bytes.subarray(at, next)) === 'ended') found = next;
          at = next;
        }
        // A chunk may hold more than the end; it may not be found in an earlier or a later chunk.
        if (expected === -1) expect(found).toBe(-1);
        else expect(found).toBeGreaterThanOrEqual(expected);
      }),
    );
  });
});
