import { createHmac } from 'node:crypto';

/**
 * The headers of a delivery. `Helicone-Signature` is what receivers of Helicone's webhooks verify: of the body alone, by the
 * secret as text. The others are those of Standard Webhooks, whose libraries also refuse what is too old or was seen before:
 * of id, time and body, by the bytes that the secret stands for.
 *
 * @param id of the delivery, the same each time it is tried. @param atMs of this try, epoch ms.
 */
export function signedHeaders(secret: string, id: string, atMs: number, body: string): Record<string, string> {
  const seconds = String(Math.floor(atMs / 1_000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return {
    'content-type': 'application/json',
    'user-agent': 'Throughline-Webhooks',
    'helicone-signature': createHmac('sha256', secret).update(body).digest('hex'),
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`,
  };
}
