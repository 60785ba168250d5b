import type { LookupFunction } from 'node:net';
import { ApiError } from '@throughline/contracts/errors';
import { createCheckedLookup, type Resolve, TargetNotAllowedError } from '@throughline/outbound/checked-lookup';
import type { NameReach, TargetPolicy } from '@throughline/outbound/target-policy';
import { Agent, request } from 'undici';
import type { WebhookConfig } from './webhook-config.ts';

/** How sending went. `status` is 0 where there was no answer. */
export type Sent =
  | { readonly outcome: 'delivered'; readonly status: number }
  | {
      readonly outcome: 'failed';
      readonly status: number;
      /** In a few words, none of which the receiver chose. */
      readonly reason: string;
      /** It would come out the same each time: it is sent elsewhere, or asks not to be told again. */
      readonly isFinal: boolean;
    }
  /** We are about to stop: nothing is known of it. */
  | { readonly outcome: 'abandoned' };

export interface WebhookSender {
  /** Sends once. Never rejects. Redirects are answers like any other that is not 2xx. */
  send(
    destination: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<Sent>;
  close(): Promise<void>;
}

export interface WebhookSenderDeps {
  readonly policy: TargetPolicy;
  /** Stands in for `dns.lookup` in tests. */
  readonly resolve?: Resolve | undefined;
  readonly config: Pick<WebhookConfig, 'timeoutMs' | 'answerBytesMax' | 'sendingMax'>;
}

/** Connections to webhooks: where they may lead is decided each time, and each address when it is connected to. */
export function createWebhookSender({ policy, resolve, config }: WebhookSenderDeps): WebhookSender {
  // What a look-up may answer differs with the name; whoever has a connection was let in by it.
  const agents = new Map<NameReach, Agent>();
  const agentOf = (reach: NameReach): Agent => {
    const known = agents.get(reach);
    if (known) return known;
    const lookup: LookupFunction = createCheckedLookup(reach, resolve);
    const agent = new Agent({
      connections: config.sendingMax,
      keepAliveTimeout: 10_000,
      maxHeaderSize: 16 * 1024,
      connect: { timeout: config.timeoutMs, lookup },
    });
    agents.set(reach, agent);
    return agent;
  };
  return {
    async send(destination, headers, body, signal) {
      if (signal.aborted) return { outcome: 'abandoned' };
      const patience = AbortSignal.any([signal, AbortSignal.timeout(config.timeoutMs)]);
      try {
        const url = new URL(destination);
        const reach = policy(url);
        // It was made when the operator allowed for more.
        if (reach === 'public' && url.protocol !== 'https:') return failed(0, NOT_ALLOWED);
        const answer = await request(url, {
          method: 'POST',
          dispatcher: agentOf(reach),
          headers,
          body,
          signal: patience,
        });
        const status = answer.statusCode;
        // Read, so that the connection can be used again; what it says is of no interest.
        await answer.body.dump({ limit: config.answerBytesMax, signal: patience }).catch(() => {});
        if (status >= 200 && status < 300) return { outcome: 'delivered', status };
        if (status >= 300 && status < 400) return failed(status, 'redirects are not followed', true);
        return failed(status, `status ${status}`, status === GONE);
      } catch (error) {
        if (signal.aborted) return { outcome: 'abandoned' };
        if (patience.aborted) return failed(0, 'timeout');
        return failed(0, isNotAllowed(error) ? NOT_ALLOWED : unreachable(error));
      }
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

const NOT_ALLOWED = 'address not allowed';
const GONE = 410;

function failed(status: number, reason: string, isFinal = false): Sent {
  return { outcome: 'failed', status, reason, isFinal };
}

function isNotAllowed(error: unknown): boolean {
  return error instanceof TargetNotAllowedError || (error instanceof ApiError && error.code === 'target-not-allowed');
}

/** Codes of the system and of TLS say what a person has to look at. */
function unreachable(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? `unreachable (${code})` : 'unreachable';
}
