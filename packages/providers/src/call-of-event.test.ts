import { expect, test } from '@jest/globals';
import { openBody } from './call-of-event.ts';

test.each(['utf8', 'bytes', 'missing', 'deleted'])(
  'a caller whose encoding is called %s has sent bytes, of which nothing was lost',
  (encoding) => {
    const bytes = new Uint8Array([0xff, 1]);
    const body = { bytes, size: 2, truncated: false, content_type: '', encoding };
    expect(openBody(body, false)).toMatchObject({ stored: bytes, encoding: 'bytes', text: undefined });
  },
);
