import { Agent } from 'undici';
import type { GatewayAnswer, GatewayCaller } from './replay-ports.ts';

/** Of an answer: as much as a gateway keeps of one, unless it was told otherwise. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The gateway over HTTP. What a provider takes too long for, the gateway ends.
 *
 * @param origin of the gateway; asked for with each call, since a process learns of its own port late.
 */
export function httpGatewayCaller(origin: () => string): GatewayCaller {
  let agent: Agent | undefined;
  return {
    async call({ path, headers, body, signal }) {
      agent ??= new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 10_000, maxHeaderSize: 64 * 1024 });
      const answer = await agent.request({
        origin: origin(),
        path,
        method: 'POST',
        headers: headers.flat(),
        body,
        signal,
      });
      return {
        status: answer.statusCode,
        headers: new Map(
          Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
        ),
        ...(await readBounded(answer.body)),
      };
    },
  };
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<Pick<GatewayAnswer, 'body' | 'isTruncated'>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let isTruncated = false;
  for await (const chunk of body) {
    bytes += chunk.length;
    isTruncated ||= bytes > ANSWER_BYTES_MAX;
    // Read to its end all the same: whoever hangs up cancels the call.
    if (!isTruncated) chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), isTruncated };
}
