import { createTempDir } from '@throughline/testkit/temp-dir';
import { isInstalled } from '../peers/install-release.ts';
import { GATEWAY_PEERS } from '../peers/peers.ts';
import { startPeer } from '../peers/start-peer.ts';
import type { Bench } from '../scenario.ts';
import { type ChatTarget, GATEWAY_TARGET, PROVIDER_TARGET } from '../traffic/chat-calls.ts';
import { CONTESTANT_CORE, startGateway, startRawProxy } from './contestants.ts';
import { pinServers, startKafkaGateway } from './kafka-gateway.ts';
import { startNginx } from './nginx.ts';
import { nginxProxy } from './nginx-proxy.ts';
import { startServers } from './servers.ts';
import { openWorld } from './world.ts';

/** Something that passes chat completions on. */
export interface Proxy {
  readonly name: string;
  readonly title: string;
  /** Why it is not measured here; undefined: it is. */
  readonly absent?: string;
  /** @param upstream origin of the provider. */
  start(upstream: string): Promise<RunningProxy>;
}

export interface RunningProxy {
  /** Of the first of its processes; undefined where nobody stands between load and provider. */
  readonly pid: number | undefined;
  readonly origin: string;
  readonly chat: ChatTarget;
  /** A server that it has beside itself, on the other core, whose CPU is not counted as its own. */
  readonly beside?: { readonly title: string; readonly pid: number };
  /** Waits until what it keeps of calls is where it belongs. */
  settle?(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Nobody, us, what one would write or configure without us, and, where they are asked for, what one could install in place
 * of us.
 */
export function proxies(bench: Bench): Proxy[] {
  const { nginx } = bench.tools;
  const core = CONTESTANT_CORE;
  return [
    {
      name: 'direct',
      title: 'direct, no proxy',
      start: async (upstream) => ({ pid: undefined, origin: upstream, chat: PROVIDER_TARGET, stop: async () => {} }),
    },
    {
      name: 'raw',
      title: 'raw Node http + undici',
      start: async (upstream) => ({
        ...(await startRawProxy(bench, upstream, { core, profile: 'proxy-raw' })),
        chat: PROVIDER_TARGET,
      }),
    },
    {
      name: 'nginx',
      title: `nginx ${bench.tools.nginxVersion}`.trim(),
      ...(nginx === undefined && { absent: 'not installed' }),
      start: async (upstream) => ({
        ...(await startNginx(bench, { ...nginxProxy(nginx!, upstream), core })),
        chat: PROVIDER_TARGET,
      }),
    },
    {
      name: 'unlogged',
      title: 'Throughline gateway, nothing logged',
      start: async (upstream) => ({
        ...(await startGateway(bench, upstream, { record: 'none' }, { core, profile: 'proxy-unlogged' })),
        chat: GATEWAY_TARGET,
      }),
    },
    {
      name: 'logged',
      title: 'Throughline gateway, all logged (files)',
      start: (upstream) => startLogged(bench, upstream),
    },
    {
      name: 'kafka',
      title: 'Throughline gateway, all logged (Kafka)',
      start: (upstream) => startOverKafka(bench, upstream),
    },
    ...(bench.peers ? peerProxies(bench) : []),
  ];
}

async function startLogged(bench: Bench, upstream: string): Promise<RunningProxy> {
  const dir = await createTempDir('bench-log');
  const options = { core: CONTESTANT_CORE, profile: 'proxy-logged' };
  const gateway = await startGateway(bench, upstream, { record: 'log', dir: dir.path }, options);
  return {
    ...gateway,
    chat: GATEWAY_TARGET,
    async stop() {
      await gateway.stop();
      await dir.remove();
    },
  };
}

async function startOverKafka(bench: Bench, upstream: string): Promise<RunningProxy> {
  await using opening = new AsyncDisposableStack();
  const data = opening.use(await createTempDir('bench-gateway'));
  const servers = opening.use(await startServers());
  const world = opening.use(await openWorld(bench, servers, { env: { PROVIDER_OPENAI_URL: upstream } }));
  const gateway = await startKafkaGateway(bench, world, { profile: 'proxy-kafka', dataDir: data.path });
  pinServers(bench, servers);
  const opened = opening.move();
  return {
    ...gateway,
    chat: GATEWAY_TARGET,
    beside: { title: 'Kafka', pid: servers.kafka.pid! },
    stop: () => opened.disposeAsync(),
  };
}

function peerProxies(bench: Bench): Proxy[] {
  return GATEWAY_PEERS.map((peer) => ({
    name: peer.name,
    title: `${peer.title} ${peer.release.version}`,
    ...(!isInstalled(peer.release) && { absent: 'not installed' }),
    start: async (upstream) => ({
      ...(await startPeer(bench, peer, upstream, CONTESTANT_CORE)),
      chat: peer.chat(upstream),
    }),
  }));
}
