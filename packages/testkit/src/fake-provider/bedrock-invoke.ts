import { composeMessage } from './anthropic-messages.ts';
import { modelOfPath } from './bedrock-converse.ts';
import { frameReply, padding } from './bedrock-frames.ts';
import { type FakeReply, type FakeRequest, jsonReply } from './reply.ts';

/**
 * `POST /model/{id}/invoke` and `/invoke-with-response-stream` of a Claude model: Anthropic's message, and its events
 * one per frame, base64. Streams have no `ping`; the last event brings Bedrock's own counts along.
 */
export function answerInvoke(request: FakeRequest): FakeReply {
  const { message, events, usage } = composeMessage(request, vendorModel(modelOfPath(request.path)));
  if (request.path.endsWith('/invoke')) {
    const counts: [string, string][] =
      usage.prompt_tokens === null
        ? []
        : [
            ['X-Amzn-Bedrock-Input-Token-Count', String(usage.prompt_tokens)],
            ['X-Amzn-Bedrock-Output-Token-Count', String(usage.completion_tokens)],
          ];
    return { ...jsonReply(200, message, usage), headers: [...counts, ['X-Amzn-Bedrock-Invocation-Latency', '420']] };
  }
  const metrics = {
    inputTokenCount: usage.prompt_tokens,
    outputTokenCount: usage.completion_tokens,
    invocationLatency: 420,
    firstByteLatency: 120,
  };
  const vendorEvents = events
    .filter(({ type }) => type !== 'ping')
    .map((event) =>
      event.type === 'message_stop' && usage.prompt_tokens !== null
        ? { ...event, 'amazon-bedrock-invocationMetrics': metrics }
        : event,
    );
  return frameReply(
    vendorEvents.map((event) => {
      const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
      return { type: 'chunk', payload: { bytes, p: padding(bytes.length) } };
    }),
    usage,
  );
}

/** `us.anthropic.claude-haiku-4-5-20251001-v1:0` answers as `claude-haiku-4-5-20251001`. */
function vendorModel(id: string): string {
  return id.replace(/^(?:[a-z]+\.)?anthropic\./, '').replace(/-v\d+(?::\d+)?$/, '');
}
