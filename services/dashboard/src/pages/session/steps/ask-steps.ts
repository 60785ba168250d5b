import { api, dataOf } from '../../../api/client.ts';

/** All steps of a session, or those since an answer before. @throws ApiFailure */
export function askSteps(sessionId: string, since: string | undefined, signal: AbortSignal) {
  const params = { path: { sessionId }, query: since === undefined ? {} : { since } };
  return dataOf(api().GET('/v1/session/{sessionId}/steps', { params, signal }));
}

export type StepsAnswer = Awaited<ReturnType<typeof askSteps>>;
/** Arrays with a value per step, in order of time. */
export type StepColumns = StepsAnswer['columns'];
