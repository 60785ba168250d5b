import { api, type Schemas } from '../../../api/client.ts';
import { ApiFailure } from '../../../api/failure.ts';
import { signOut } from '../../../api/key-store.ts';
import type { ReplayBody } from './replay-body.ts';
import { ReplayRefusal } from './replay-refusal.ts';

export type ReplayPlan = Schemas['ReplayPlan'];

/**
 * What a replay would do. Nothing is sent, and no key takes part.
 *
 * @throws ReplayRefusal; ApiFailure where no answer came; AbortError.
 */
export async function askPlan(sessionId: string, body: ReplayBody, signal: AbortSignal): Promise<ReplayPlan> {
  const { data, error, response } = await api()
    .POST('/v1/session/{sessionId}/replay', {
      params: { path: { sessionId } },
      body: { ...body, dryRun: true },
      signal,
    })
    .catch(() => {
      signal.throwIfAborted();
      throw new ApiFailure(0, 'No answer came from Throughline. Is it running?');
    });
  // A replay that has begun is answered otherwise; this one has not.
  if (response.ok && data && 'plan' in data.data) return data.data;
  const refusal = new ReplayRefusal(response.status, error);
  if (refusal.isUnknownKey) signOut();
  throw refusal;
}
