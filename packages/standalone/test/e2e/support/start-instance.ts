import { type ApiClient, type ApiRequest, createApiClient } from '@throughline/testkit/api-client';
import { type Exchange, everythingReceived } from '@throughline/testkit/fake-provider/exchange';
import { type FakeProvider, startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';
import { startThroughline, type ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { waitFor } from '@throughline/testkit/wait-for';

/** How long set-up may take: two starts of the real process on a busy machine. */
export const SETUP_MS_MAX = 60_000;

/** The real process, with a fake provider in place of OpenAI and Anthropic, and a client of its API. */
export interface Instance {
  readonly provider: FakeProvider;
  readonly throughline: ThroughlineProcess;
  readonly api: ApiClient;
  /** Base URLs as they are given to SDKs. */
  readonly openaiUrl: string;
  readonly anthropicUrl: string;
  /** Headers that put calls into a session. */
  session(id: string, path?: string): Record<string, string>;
  /** The stored request, once it is visible. */
  stored(requestId: string): Promise<ApiRequest>;
  /** The requests of a session, once there are `count`. */
  storedSession(id: string, count: number): Promise<ApiRequest[]>;
  stop(): Promise<void>;
}

export async function startInstance(env: Readonly<Record<string, string>> = {}): Promise<Instance> {
  const provider = await startFakeProvider();
  const throughline = await startThroughline({ providerOrigin: provider.origin, env }).catch(async (error: unknown) => {
    await provider.close();
    throw error;
  });
  const { url, key } = throughline;
  const api = createApiClient(url, key);
  return {
    provider,
    throughline,
    api,
    openaiUrl: `${url}/v1/gateway/oai/v1`,
    anthropicUrl: `${url}/v1/gateway/anthropic`,
    session: (id, path = '') => ({
      'Helicone-Auth': `Bearer ${key}`,
      'Helicone-Session-Id': id,
      'Helicone-Session-Name': 'End to end',
      ...(path && { 'Helicone-Session-Path': path }),
    }),
    stored: (requestId) => waitFor(() => api.request(requestId), { what: `request ${requestId}` }),
    storedSession: (id, count) =>
      waitFor(
        async () => {
          const requests = await api.sessionRequests(id);
          if (requests.length === count) return requests;
          throw new Error(`there are ${requests.length}`);
        },
        { what: `${count} requests of session ${id}` },
      ),
    async stop() {
      await throughline.stop();
      await provider.close();
    },
  };
}

/** What must not have reached a provider: headers of ours, and our key in any place. Empty when all is well. */
export function leaksOf(exchange: Exchange, key: string): string[] {
  const leaks = exchange.headers
    .filter(([name]) => /^(helicone|throughline)-/i.test(name))
    .map(([name]) => `exchange ${exchange.id}: header ${name}`);
  if (everythingReceived(exchange).includes(key)) leaks.push(`exchange ${exchange.id}: our key`);
  return leaks;
}
