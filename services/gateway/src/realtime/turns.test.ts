import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CaptureBudget } from '../record/body-capture.ts';
import { type RealtimeStep, RealtimeTurns } from './turns.ts';

const bytes = (event: unknown) => Buffer.from(JSON.stringify(event));

function turnsOf(options: { inputBytesMax?: number; budget?: CaptureBudget; model?: string } = {}) {
  const budget = options.budget ?? new CaptureBudget(1_000_000);
  const turns = new RealtimeTurns(
    { model: options.model ?? 'm', inputBytesMax: options.inputBytesMax ?? 100_000 },
    budget,
  );
  return { turns, budget };
}

const created = (id: string) => bytes({ type: 'response.created', response: { object: 'realtime.response', id } });
const done = (id: string) => bytes({ type: 'response.done', response: { object: 'realtime.response', id } });
const delta = (response_id: string) => bytes({ type: 'response.output_text.delta', response_id, delta: 'x' });
const ask = (more: object = {}) => bytes({ type: 'response.create', ...more });

function eventsOf(step: RealtimeStep | undefined): { type: string; [key: string]: unknown }[] {
  return JSON.parse(step!.request.toString()).events;
}

describe('a response', () => {
  test('was asked for at one time, begun at the next, and done at the last', () => {
    const { turns } = turnsOf();
    turns.fromClient(ask(), 10);
    expect(turns.isIdle).toBe(false);
    turns.fromProvider(created('a'), 20);
    turns.fromProvider(delta('a'), 30);
    turns.fromProvider(delta('a'), 40);
    expect(turns.fromProvider(done('a'), 50)).toMatchObject([{ requestAt: 10, firstByteAt: 30, responseAt: 50 }]);
    expect(turns.isIdle).toBe(true);
  });

  test('that speech led to begins when the speech is over', () => {
    const { turns } = turnsOf();
    turns.fromClient(bytes({ type: 'input_audio_buffer.append', audio: 'AAAA' }), 1);
    turns.fromProvider(bytes({ type: 'input_audio_buffer.speech_stopped', item_id: 'i' }), 5);
    turns.fromProvider(bytes({ type: 'input_audio_buffer.committed', item_id: 'i' }), 6);
    turns.fromProvider(created('a'), 7);
    // Written down after the response has begun: still what led to it.
    turns.fromProvider(
      bytes({ type: 'conversation.item.input_audio_transcription.completed', item_id: 'i', transcript: 'hello' }),
      8,
    );
    const [step] = turns.fromProvider(done('a'), 9);
    expect(step).toMatchObject({ requestAt: 5, responseAt: 9 });
    expect(eventsOf(step)).toEqual([
      { type: 'input_audio_buffer.append', appends: 1, audio_bytes: 3 },
      { type: 'input_audio_buffer.committed', item_id: 'i', transcript: 'hello' },
    ]);
  });

  test('beside another one has what was sent for it, and the time of its own first delta', () => {
    const { turns } = turnsOf();
    turns.fromClient(bytes({ type: 'conversation.item.create', item: 1 }), 1);
    turns.fromClient(ask({ response: { conversation: 'none' } }), 2);
    turns.fromClient(bytes({ type: 'conversation.item.create', item: 2 }), 3);
    turns.fromClient(ask(), 4);
    turns.fromProvider(created('a'), 5);
    turns.fromProvider(created('b'), 6);
    turns.fromProvider(delta('b'), 7);
    turns.fromProvider(delta('a'), 8);
    const [second] = turns.fromProvider(done('b'), 9);
    const [first] = turns.fromProvider(done('a'), 10);
    expect(first).toMatchObject({ requestAt: 2, firstByteAt: 8 });
    expect(second).toMatchObject({ requestAt: 4, firstByteAt: 7 });
    expect(eventsOf(first).map((event) => event.item)).toEqual([1, undefined]);
    expect(eventsOf(second).map((event) => event.item)).toEqual([2, undefined]);
  });

  test('that was refused under its own name is a step at once', () => {
    const { turns } = turnsOf();
    turns.fromClient(ask({ event_id: 'one' }), 1);
    turns.fromClient(ask({ event_id: 'two' }), 2);
    const refusal = bytes({ type: 'error', error: { event_id: 'two', message: 'no' } });
    expect(turns.fromProvider(refusal, 3)).toMatchObject([{ requestAt: 2, responseAt: 3, response: refusal }]);
    expect(turns.fromProvider(bytes({ type: 'error', error: { event_id: 'other' } }), 4)).toEqual([]);
    turns.fromProvider(created('a'), 5);
    expect(turns.fromProvider(done('a'), 6)).toMatchObject([{ requestAt: 1 }]);
    expect(turns.cut(7)).toEqual([]);
  });

  test('that an error without a name may be about is one step, whichever way it goes on', () => {
    const nameless = bytes({ type: 'error', error: { message: 'which one?' } });
    const answered = turnsOf().turns;
    answered.fromClient(ask(), 1);
    expect(answered.fromProvider(nameless, 2)).toEqual([]);
    expect(answered.fromProvider(created('a'), 3)).toEqual([]);
    expect(answered.fromProvider(done('a'), 4)).toMatchObject([{ requestAt: 1 }]);
    expect(answered.cut(5)).toEqual([]);

    const askedAgain = turnsOf().turns;
    askedAgain.fromClient(ask(), 1);
    askedAgain.fromProvider(nameless, 2);
    askedAgain.fromClient(ask(), 3);
    expect(askedAgain.fromProvider(created('a'), 4)).toMatchObject([
      { requestAt: 1, responseAt: 2, response: nameless },
    ]);
    expect(askedAgain.fromProvider(done('a'), 5)).toMatchObject([{ requestAt: 3 }]);

    const over = turnsOf().turns;
    over.fromClient(ask(), 1);
    over.fromProvider(nameless, 2);
    expect(over.cut(5)).toMatchObject([{ requestAt: 1, responseAt: 2, response: nameless, isAnswered: true }]);
  });

  test.each([{ code: 'conversation_already_has_active_response' }, { param: 'response.audio' }])(
    'is refused by an error that can be about nothing else: %j',
    (error) => {
      const { turns } = turnsOf();
      turns.fromClient(ask(), 1);
      expect(turns.fromProvider(bytes({ type: 'error', error }), 2)).toHaveLength(1);
      expect(turns.isIdle).toBe(true);
    },
  );

  test('is seen wherever its event has its type', () => {
    const { turns } = turnsOf();
    turns.fromClient(Buffer.from('{"response":{},"type":"response.create"}'), 1);
    turns.fromProvider(Buffer.from('{"response":{"id":"a"},"event_id":"type","type":"response.created"}'), 2);
    expect(turns.fromProvider(Buffer.from('{ "response": {"id":"a"}, "type": "response.done" }'), 3)).toHaveLength(1);
  });
});

describe('how a response went', () => {
  test('is kept as it was said, but for audio in it where that makes it long', () => {
    const { turns } = turnsOf();
    const response = (audio: string) => ({ id: 'a', usage: { input_tokens: 1 }, output: [{ content: [{ audio }] }] });
    const short = bytes({ type: 'response.done', response: response('AAAA') });
    expect(turns.fromProvider(short, 1)[0]!.response).toEqual(short);
    const [long] = turns.fromProvider(bytes({ type: 'response.done', response: response('A'.repeat(400_000)) }), 1);
    expect(JSON.parse(long!.response.toString())).toEqual({
      type: 'response.done',
      response: response('[300000 bytes]'),
    });
  });

  test('is how it began, when it was cut', () => {
    const { turns } = turnsOf();
    turns.fromClient(ask(), 1);
    turns.fromProvider(created('a'), 2);
    turns.fromClient(ask(), 3);
    expect(turns.cut(4)).toMatchObject([
      { requestAt: 1, responseAt: 4, response: created('a'), isAnswered: false },
      { requestAt: 3, responseAt: 4, response: Buffer.alloc(0) },
    ]);
  });
});

describe('what is kept of what led to a response', () => {
  test('is no audio, no credential of a tool and no short-lived key', () => {
    const { turns } = turnsOf();
    const tools = [{ type: 'mcp', server_url: 'https://t', authorization: 'canary', headers: { a: 'canary' } }];
    turns.fromProvider(
      bytes({ type: 'session.created', session: { id: 's', client_secret: { value: 'canary' }, tools } }),
      0,
    );
    turns.fromClient(bytes({ type: 'session.update', session: { tools } }), 0);
    const content = [{ type: 'input_audio', audio: 'Q0FOQVJZ' }];
    turns.fromClient(bytes({ type: 'conversation.item.create', item: { content, __proto__: 1 } }), 0);
    turns.fromClient(Buffer.from('{"type":"conversation.item.create","item":{"__proto__":{"a":1}}}'), 0);
    turns.fromClient(ask(), 0);
    turns.fromProvider(created('a'), 0);
    const [step] = turns.fromProvider(done('a'), 0);
    expect(step!.request.toString()).not.toMatch(/canary|Q0FOQVJZ/i);
    expect(step!.request.toString()).toContain('[6 bytes]');
    expect(step!.request.toString()).toContain('"__proto__":{"a":1}');
    expect(JSON.parse(step!.request.toString())).toMatchObject({
      conversation: { id: 's' },
      session: { tools: [{ type: 'mcp' }] },
    });
  });

  test('is bounded, and says what is missing', () => {
    const { turns, budget } = turnsOf({ inputBytesMax: 1000 });
    for (let i = 0; i < 10; i++)
      turns.fromClient(bytes({ type: 'conversation.item.create', item: 'x'.repeat(300) }), 0);
    turns.fromClient(ask(), 0);
    expect(budget.held).toBeLessThanOrEqual(1000);
    turns.fromProvider(created('a'), 0);
    const [step] = turns.fromProvider(done('a'), 0);
    expect(step!.requestTruncated).toBe(true);
    expect(JSON.parse(step!.request.toString()).omitted_events).toBeGreaterThan(7);
    budget.give(step!.held);
    expect(budget.held).toBe(0);
  });

  test('is a session that fits, however long its instructions', () => {
    const { turns } = turnsOf();
    const tools = [{ type: 'function', name: 'look', parameters: { a: 'y'.repeat(50_000) } }];
    const session = { id: 's', model: 'of the session', instructions: 'x'.repeat(500_000), tools };
    turns.fromProvider(bytes({ type: 'session.updated', session }), 0);
    turns.fromProvider(created('a'), 0);
    const [step] = turns.fromProvider(done('a'), 0);
    expect(step!.request.length).toBeLessThan(20_000);
    expect(JSON.parse(step!.request.toString())).toMatchObject({
      model: 'of the session',
      session: { tools: ['look'], shortened: true },
    });
  });
});

/** Any run of messages, sensible or not. */
const id = fc.constantFrom('a', 'b', 'c', '');
const move = fc.oneof(
  fc.tuple(
    fc.constant('client' as const),
    fc.oneof(
      fc.record({ type: fc.constant('response.create'), event_id: id }),
      fc.record({ type: fc.constant('input_audio_buffer.append'), audio: fc.base64String() }),
      fc.record({ type: fc.constant('conversation.item.create'), item: fc.jsonValue() }),
      fc.record({ type: fc.constant('input_audio_buffer.append') }),
      fc.jsonValue(),
    ),
  ),
  fc.tuple(
    fc.constant('provider' as const),
    fc.oneof(
      fc.record({
        type: fc.constantFrom('response.created', 'response.done', 'response.output_text.delta'),
        response: fc.record({ id }),
        response_id: id,
      }),
      fc.record({
        type: fc.constant('error'),
        error: fc.record({ event_id: id, param: fc.constantFrom('response', null) }),
      }),
      fc.record({
        type: fc.constantFrom(
          'input_audio_buffer.committed',
          'input_audio_buffer.speech_stopped',
          'conversation.item.input_audio_transcription.completed',
        ),
        item_id: id,
        transcript: fc.string(),
        usage: fc.option(fc.record({ input_tokens: fc.nat() })),
      }),
      fc.record({ type: fc.constantFrom('session.created', 'session.updated'), session: fc.jsonValue() }),
      fc.jsonValue(),
    ),
  ),
);

describe('whatever comes in whatever order', () => {
  test('each thing asked for is one step, times never go back, bodies are whole JSON, and the budget comes back', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), fc.nat({ max: 5_000 }), (moves, inputBytesMax) => {
        const { turns, budget } = turnsOf({ inputBytesMax });
        const steps: RealtimeStep[] = [];
        let now = 0;
        let asked = 0;
        let begun = 0;
        let ended = 0;
        let written = 0;
        for (const [side, event] of moves) {
          now++;
          if (side === 'client') {
            const before = turns.isIdle;
            turns.fromClient(bytes(event), now);
            const isAsked = (event as { type?: unknown } | null)?.type === 'response.create';
            if (isAsked) asked++;
            if (before && !isAsked) expect(turns.isIdle).toBe(true);
            continue;
          }
          const made = turns.fromProvider(bytes(event), now);
          const { type, usage } = (event ?? {}) as { type?: unknown; usage?: unknown };
          if (type === 'response.created') begun++;
          if (type === 'response.done') ended++;
          if (type === 'conversation.item.input_audio_transcription.completed' && usage) written++;
          steps.push(...made);
        }
        steps.push(...turns.cut(now + 1));
        expect(turns.isIdle).toBe(true);
        expect(turns.cut(now + 2)).toEqual([]);
        for (const step of steps) {
          expect(step.requestAt).toBeLessThanOrEqual(step.responseAt);
          if (step.firstByteAt !== null) {
            expect(step.firstByteAt).toBeGreaterThanOrEqual(step.requestAt);
            expect(step.firstByteAt).toBeLessThanOrEqual(step.responseAt);
          }
          expect(typeof JSON.parse(step.request.toString()).model).toBe('string');
          budget.give(step.held);
        }
        expect(budget.held).toBe(0);
        expect(steps.length).toBeGreaterThanOrEqual(asked);
        expect(steps.length).toBeLessThanOrEqual(asked + begun + ended + written);
      }),
      { numRuns: 500 },
    );
  });

  test('bytes that are no event are nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (messages) => {
        const { turns, budget } = turnsOf();
        for (const message of messages) {
          turns.fromClient(Buffer.from(message), 1);
          expect(turns.fromProvider(Buffer.from(message), 1)).toEqual([]);
        }
        expect(turns.cut(2)).toEqual([]);
        expect(budget.held).toBe(0);
      }),
    );
  });
});
