import type { GatewayConfig } from '../gateway-config.ts';
import type { Admission } from '../keys/admission.ts';
import type { ProxyDeps } from '../proxy/proxied-call.ts';
import type { SlotList } from '../proxy/slot-list.ts';
import type { CallFacts } from '../record/build-event.ts';
import type { ProxyRouteDeps } from '../routes/proxy-route.ts';
import type { RealtimeSession } from './realtime-session.ts';

/** What the realtime API's upgrades work with. */
export interface RealtimeDeps extends ProxyDeps, Pick<ProxyRouteDeps, 'admit' | 'lookFor' | 'providers' | 'upstreams'> {
  readonly sessions: SlotList<RealtimeSession>;
}

/** An upgrade that may go to its provider, as the call that its first step is. */
export interface RealtimeFacts extends CallFacts {
  readonly admission: Admission;
}

/** A connection and as long again for the provider to look at the key. */
export function handshakeTimeoutMs({ connectTimeoutMs }: GatewayConfig): number {
  return connectTimeoutMs * 2;
}
