import { langdb, langdbRelease } from './langdb.ts';
import { litellm, litellmRelease } from './litellm.ts';
import { mlflowGateway, mlflowRelease } from './mlflow.ts';
import type { Peer, Release } from './peer.ts';
import { phoenixRelease } from './phoenix.ts';
import { portkey, portkeyRelease } from './portkey.ts';
import { tensorzero, tensorzeroRelease } from './tensorzero.ts';

/** What `install-peers` installs; the one that is built from source comes last. */
export const RELEASES: readonly Release[] = [
  portkeyRelease,
  tensorzeroRelease,
  litellmRelease,
  mlflowRelease,
  phoenixRelease,
  langdbRelease,
];

/** Gateways that pass calls on and keep nothing, the cheapest first. */
export const GATEWAY_PEERS: readonly Peer[] = [tensorzero, portkey, mlflowGateway, langdb, litellm];
