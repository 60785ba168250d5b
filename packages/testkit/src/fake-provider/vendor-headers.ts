import type { Pairs } from '@throughline/contracts/request-event';
import { apiOfPath } from './api-of-path.ts';
import type { FakeVendor } from './reply.ts';

/** Headers that tell whose answer it is: the request's id and what is left of a limit, under the API's own names. */
export function vendorHeaders(path: string, vendor: FakeVendor, id: number): Pairs {
  switch (apiOfPath(path)) {
    case 'anthropic':
      return [
        ['request-id', `req_fake_${id}`],
        ['anthropic-ratelimit-requests-remaining', '3999'],
      ];
    case 'gemini':
      return [['Server-Timing', 'gfet4t7; dur=420']];
    case 'bedrock':
      return [['x-amzn-RequestId', `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`]];
    case 'openai':
      if (vendor === 'mistral') return [['mistral-correlation-id', `fake-${id}`]];
      return [
        ['x-request-id', `req_fake_${id}`],
        ['x-ratelimit-remaining-requests', '9999'],
        ...(vendor === 'groq'
          ? [['x-groq-region', 'fra'] as const]
          : [['openai-processing-ms', '42'] as const, ['openai-version', '2020-10-01'] as const]),
      ];
  }
}
