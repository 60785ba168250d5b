import type { FlaggedCall } from './flagged-call.ts';
import type { ToldBody, ToldCall } from './read-calls.ts';
import type { Webhook } from './webhook.ts';

/**
 * What is sent: names and shape as clients of Helicone read them, with more beside. Written so that whoever parses it and
 * writes it as JSON again has the same text, since receivers verify signatures that way.
 *
 * @param link to both bodies as they are; undefined: none can be made.
 */
export function webhookText(
  webhook: Pick<Webhook, 'includeData'>,
  call: Pick<FlaggedCall, 'requestId' | 'sessionId'>,
  told: ToldCall,
  link: string | undefined,
): string {
  const { promptTokens, completionTokens } = told;
  const isCounted = promptTokens !== null || completionTokens !== null;
  return JSON.stringify({
    request_id: call.requestId,
    ...(told.userId !== '' && { user_id: told.userId }),
    ...(call.sessionId !== '' && {
      session_id: call.sessionId,
      session_name: told.sessionName,
      session_path: told.sessionPath,
    }),
    ...bodyFields('request', told.request),
    ...bodyFields('response', told.response),
    ...(webhook.includeData && {
      ...(link !== undefined && { request_response_url: link }),
      model: told.model,
      provider: told.provider,
      status: told.status,
      created_at: new Date(told.requestAt).toISOString(),
      metadata: {
        cost: told.costUsd,
        promptTokens,
        completionTokens,
        totalTokens: isCounted ? (promptTokens ?? 0) + (completionTokens ?? 0) : null,
        latencyMs: told.latencyMs,
      },
      // Own members, whatever they are called.
      properties: Object.fromEntries(told.properties),
    }),
  });
}

function bodyFields(name: 'request' | 'response', { text, truncated }: ToldBody): Record<string, unknown> {
  return { [`${name}_body`]: text, [`${name}_truncated`]: truncated };
}
