import { expect, test } from '@jest/globals';
import { signedHeaders } from './signed-headers.ts';

// Computed with openssl: `openssl dgst -sha256 -hmac <secret>`, and with `-mac HMAC -macopt hexkey:<key>` for the second.
const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

test('sign the body by the secret as text, and id, time and body by what it stands for', () => {
  expect(signedHeaders(SECRET, 'event-webhook', 1_700_000_000_999, '{"request_id":"1"}')).toEqual({
    'content-type': 'application/json',
    'user-agent': 'Throughline-Webhooks',
    'helicone-signature': '8081e908ad9ed780c4ed3ccd8bd67b03c8e8c6351b74b762377d616e9ce9278a',
    'webhook-id': 'event-webhook',
    'webhook-timestamp': '1700000000',
    'webhook-signature': 'v1,qLFbI9raMmpzC8CZFLPP5Z5uesW9twj7TBr4hsrMg3Y=',
  });
});
