import { expect, test } from '@jest/globals';
import { describeDeadLetter } from './describe-dead-letter.ts';

const letter = {
  partition: 3,
  offset: 1234,
  step: 'decode',
  reason: 'no event',
  seenAt: '2026-11-21T10:00:00.000Z',
  sizeBytes: 3,
  base64: 'AAEC',
};

test('says that an event cannot be read, and what the bytes are', () => {
  expect(describeDeadLetter({ ...letter, event: null })).toBe(
    `3:1234  2026-11-21T10:00:00.000Z  3 bytes  decode: no event
event: cannot be read from these bytes
bytes as they are in the log, base64:
AAEC
`,
  );
});

test('shows what can be read of an event', () => {
  expect(describeDeadLetter({ ...letter, event: { kind: 'request' } })).toContain(
    '\nevent, without its bodies:\n{\n  "kind": "request"\n}\nbytes as they are in the log, base64:\nAAEC\n',
  );
});
