import { describe, expect, it } from '@jest/globals';
import type { RecordedCall } from '@throughline/contracts/recorded-call';
import fc from 'fast-check';
import { recordedAnswer } from './recorded-answer.ts';

const call = (body: string, more: Partial<RecordedCall> = {}): RecordedCall => ({
  requestId: 'r1',
  sessionPath: '/a',
  method: 'POST',
  path: '/v1/chat/completions',
  status: 200,
  requestContentType: 'application/json',
  responseHeaders: [
    ['content-type', 'text/event-stream; charset=utf-8'],
    ['content-encoding', 'gzip'],
    ['content-length', '7'],
    ['date', 'Mon, 01 Jan 2024 00:00:00 GMT'],
    ['retry-after', '60'],
    ['x-request-id', 'req_1'],
  ],
  firstByteMs: 100,
  latencyMs: 300,
  request: { bytes: Buffer.from('{}'), encoding: '' },
  response: { bytes: Buffer.from(body), encoding: '' },
  ...more,
});

describe('a recorded answer', () => {
  it('is given event by event, with the headers that are still true', () => {
    const recorded = recordedAnswer(call('data: 1\n\ndata: 2\ndata: 3\r\n\r\n: ping\n\ndata: [DONE]'))!;
    const { answer, bytes } = recorded;
    const { pieces, delaysMs } = recorded.paced();
    expect(pieces.map(String)).toEqual(['data: 1\n\n', 'data: 2\ndata: 3\r\n\r\n', ': ping\n\n', 'data: [DONE]']);
    expect(answer.headers).toEqual(['content-type', 'text/event-stream; charset=utf-8', 'x-request-id', 'req_1']);
    expect(answer).toMatchObject({ status: 200, cacheReferenceId: 'r1' });
    expect(delaysMs!.map(Math.round)).toEqual([100, 67, 67, 67]);
    expect(bytes).toBe(48);
  });

  it('loses no byte, wherever lines end', () => {
    const text = fc.array(fc.constantFrom('data: a', '\n', '\r\n', '\n\n', ': x', 'ü'), { maxLength: 40 });
    fc.assert(
      fc.property(text, (parts) => {
        const body = parts.join('');
        const { answer, paced } = recordedAnswer(call(body))!;
        for (const { pieces } of [answer, paced()]) expect(Buffer.concat(pieces).toString()).toBe(body);
      }),
    );
  });

  it('is one piece where it was no stream, still compressed if that could not be undone', () => {
    const json = call('{"a":1}\n\n', { responseHeaders: [['content-type', 'application/json']] });
    expect(recordedAnswer(json)!.answer).toMatchObject({
      pieces: [Buffer.from('{"a":1}\n\n')],
      headers: ['content-type', 'application/json', 'content-length', '9'],
    });
    const odd = call('?', { response: { bytes: Buffer.from('?'), encoding: 'compress' } });
    expect(recordedAnswer(odd)!.answer.headers).toEqual(
      expect.arrayContaining(['content-encoding', 'compress', 'content-length', '1']),
    );
  });

  it.each<[string, Partial<RecordedCall>]>([
    ['whose end was not kept', { response: { lack: 'cut' } }],
    ['that was deleted', { response: { lack: 'deleted' } }],
    ['that the client did not wait for', { status: -3 }],
  ])('is none of a call %s', (_what, more) => {
    expect(recordedAnswer(call('x', more))).toBeUndefined();
  });
});
