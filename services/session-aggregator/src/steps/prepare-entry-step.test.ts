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

describe('preparing an entry', () => {
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
