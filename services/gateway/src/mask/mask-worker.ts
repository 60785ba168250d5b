/** The thread that masks bodies: one call after the other. Started by `masking.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { maskCall } from '@throughline/masking/mask-call';
import { warmUpPrices } from '@throughline/providers/prices/price-call';
import type { JobAnswer } from '../threads/job-thread.ts';
import type { MaskJob, MaskResult, MaskThreadData } from './mask-messages.ts';

const { rules, bytesMax } = workerData as MaskThreadData;
const port = parentPort!;

port.on('message', ({ id, call, isChanged, isRead }: MaskJob & { readonly id: number }) => {
  try {
    const { request_body, response_body, reading } = maskCall(call, rules, bytesMax, { isChanged, isRead });
    const answer: JobAnswer<MaskResult> = {
      id,
      request: request_body === call.request_body ? null : request_body,
      response: response_body === call.response_body ? null : response_body,
      reading: reading ?? null,
    };
    port.postMessage(answer);
  } catch (error) {
    // Its message could quote the body.
    port.postMessage({ id, failure: (error as Error).name } satisfies JobAnswer<MaskResult>);
  }
});
warmUpPrices();
