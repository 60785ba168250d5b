/** The thread that reads calls whose bodies are not stored. Started by `body-omission.ts`. */
import { parentPort } from 'node:worker_threads';
import type { CallReading } from '@throughline/contracts/request-event';
import { callOf, type ReadEvent } from '@throughline/providers/call-of-event';
import { toCallReading } from '@throughline/providers/call-reading';
import { countTokens } from '@throughline/providers/estimate/count-tokens';
import { readCallToEstimate } from '@throughline/providers/estimate/estimate-call';
import { scaledTokens } from '@throughline/providers/estimate/token-text';
import type { JobAnswer } from '../threads/job-thread.ts';
import type { OmissionJob, OmissionResult } from './omission-messages.ts';

const port = parentPort!;

port.on('message', ({ id, call, estimatesTokens }: OmissionJob & { readonly id: number }) => {
  read(call, estimatesTokens).then(
    (reading) => port.postMessage({ id, reading } satisfies JobAnswer<OmissionResult>),
    // Its message could quote the body.
    (error: Error) => port.postMessage({ id, failure: error.name } satisfies JobAnswer<OmissionResult>),
  );
});

async function read(call: ReadEvent, estimatesTokens: boolean): Promise<CallReading> {
  const { reading, uncounted } = readCallToEstimate(callOf(call));
  if (!uncounted || !estimatesTokens) return toCallReading(reading);
  const counts: number[] = [];
  for (const text of uncounted.texts) {
    counts.push(scaledTokens(text, await countTokens(uncounted.encoding, text.pieces)));
  }
  return toCallReading(uncounted.complete(counts));
}
