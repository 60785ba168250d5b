import { describe, expect, test } from '@jest/globals';
import { decodeEvent, encodeEvent } from '@throughline/contracts/event-codec';
import type { RequestEvent } from '@throughline/contracts/request-event';
import { callEvent } from '../../test/calls.ts';
import { buildEntry } from './decode-entries-step.ts';
import { createPrepareEntryStep } from './prepare-entry-step.ts';

const signal = new AbortController().signal;
const body = Buffer.from('{"model":"gpt-4o-mini"}');
const event: RequestEvent = {
  ...callEvent({ tenant: 't', session: 's' }),
  producer: { id: 'p', seq: 0 },
  partition: 0,
  received_at: 0,
};
const referring: RequestEvent = {
  ...event,
  request_body: { ...event.request_body, bytes: new Uint8Array(0), stored: { name: 'n', size: 9, crc32: 1 } },
};

const silent: RequestEvent = {
  ...event,
  response_body: {
    ...event.response_body,
    bytes: Buffer.from('{"model":"gpt-4o-mini","choices":[{"message":{"content":"yes"},"finish_reason":"stop"}]}'),
  },
};

describe('preparing an entry', () => {
  test('counts the tokens that a provider did not tell, of bodies that were fetched as well', async () => {
    const count = async (_encoding: string, texts: readonly unknown[]) => texts.map((_, at) => (at + 1) * 100);
    const fetch = async () => silent.request_body.bytes;
    const prepare = createPrepareEntryStep({ partition: 0, fetch, count });
    const fetched = { ...silent.request_body, bytes: new Uint8Array(0), stored: { name: 'n', size: 9, crc32: 1 } };
    for (const sent of [silent, { ...silent, request_body: fetched }]) {
      const prepared = prepare({ offset: 3, bytes: encodeEvent(sent) }, signal);
      expect(await prepared).toMatchObject({
        entry: {
          kind: 'request',
          built: {
            row: {
              prompt_tokens: 107,
              completion_tokens: 200,
              cost_pico: 107n * 150_000n + 200n * 600_000n,
              cost_source: 'estimated',
              usage_complete: false,
            },
          },
        },
        takenBytes: sent === silent ? 0 : 9,
      });
    }
    // Nothing to count: nothing to wait for.
    expect(prepare({ offset: 3, bytes: encodeEvent(event) }, signal)).toMatchObject({ kind: 'request' });
  });

  test('leaves them unknown where nobody counts', () => {
    const prepare = createPrepareEntryStep({ partition: 0, fetch: () => Promise.reject(new Error('not needed')) });
    const prepared = prepare({ offset: 3, bytes: encodeEvent(silent) }, signal);
    expect(prepared).toMatchObject({ built: { row: { prompt_tokens: null, cost_pico: null, cost_source: 'none' } } });
  });

  test('makes a dead letter of what no column holds', async () => {
    const prepare = createPrepareEntryStep({
      partition: 0,
      fetch: () => Promise.reject(new Error('not needed')),
      count: async () => [-1_000, -1_000],
    });
    const prepared = await prepare({ offset: 3, bytes: encodeEvent(silent) }, signal);
    expect(prepared).toMatchObject({ entry: { kind: 'dead', step: 'read-call' } });
  });

  test('takes no turn of the event loop for one that has its bodies', () => {
    const prepare = createPrepareEntryStep({ partition: 0, fetch: () => Promise.reject(new Error('not needed')) });
    expect(prepare({ offset: 3, bytes: encodeEvent(event) }, signal)).toMatchObject({ kind: 'request', offset: 3 });
  });

  test('reads what was fetched as if it had been in the event', async () => {
    const prepare = createPrepareEntryStep({ partition: 0, fetch: async () => body });
    const inline = { ...event, request_body: { ...event.request_body, bytes: body } };
    const { entry, takenBytes } = (await prepare({ offset: 3, bytes: encodeEvent(referring) }, signal)) as {
      entry: unknown;
      takenBytes: number;
    };
    expect(entry).toEqual(prepare({ offset: 3, bytes: encodeEvent(inline) }, signal));
    expect(takenBytes).toBe(9);
  });

  test('lets nobody take "missing" for the name of a compression', () => {
    const sent = { ...event, request_body: { ...event.request_body, encoding: 'missing' } };
    const entry = buildEntry({ offset: 0, event: sent, origin: {} as never }, 0);
    expect(entry.kind === 'request' && entry.built.bodies.request_encoding).toBe('bytes');
    expect(entry.kind === 'request' && entry.built.row.request_truncated).toBe(false);
  });

  test('gives a dead letter the bodies that were fetched, so that it can be replayed without the store', () => {
    // What makes our own code throw: a defect, and so no shape that the log could hold.
    const broken = { ...event, request_body: { ...event.request_body, bytes: body }, properties: null as never };
    const entry = buildEntry({ offset: 0, event: broken, origin: {} as never }, 0);
    if (entry.kind !== 'dead') throw new Error(`it became a ${entry.kind}`);
    const { outcome } = decodeEvent(encodeEvent({ ...broken, properties: [] }));
    expect(outcome).toBe('event');
    expect(Buffer.from(entry.bytes).includes(body)).toBe(true);
  });
});
