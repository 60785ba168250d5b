import { fileURLToPath } from 'node:url';
import { THROUGHLINE } from '@throughline/testkit/process/throughline-command';
import type { RawCall } from '@throughline/testkit/raw-call';
import { isInstalled, releaseFolder } from '../peers/install-release.ts';
import { mlflowServer } from '../peers/mlflow.ts';
import type { PeerServer } from '../peers/peer.ts';
import { GATEWAY_PEERS } from '../peers/peers.ts';
import { phoenixServer } from '../peers/phoenix.ts';
import type { Launch } from '../processes/launch.ts';
import type { Bench } from '../scenario.ts';
import { type ChatTarget, chatCalls, GATEWAY_TARGET, PROVIDER_TARGET } from '../traffic/chat-calls.ts';
import { nginxCommand } from './nginx.ts';
import { nginxProxy } from './nginx-proxy.ts';

/** A server whose start is looked at. */
export interface Starter {
  readonly name: string;
  readonly title: string;
  /** Why it is not measured here; undefined: it is. */
  readonly absent?: string;
  /** Each start is on an empty folder. Else all are on one. */
  readonly isNew?: boolean;
  /** Path that answers 200 once all of it is ready, which may be after its first call. */
  readonly ready?: string;
  /** Writes what it reads at its start; once for a folder. */
  prepare(place: StartPlace): Promise<PreparedStart>;
}

export interface PreparedStart extends Launch {
  /** What it is to answer with 200: a chat completion, or, where it takes none, its own question whether it serves. */
  readonly first: Pick<RawCall, 'headers' | 'body'> & { readonly path: string };
}

export interface StartPlace {
  /** Origin of the provider. */
  readonly upstream: string;
  readonly port: number;
  readonly dir: string;
}

/** Us, what one would write or configure without us, and, where they are asked for, what one could install in place of us. */
export function starters(bench: Bench): Starter[] {
  const { nginx, nginxVersion } = bench.tools;
  const ours = { ready: '/readyz', prepare: prepareOurs };
  return [
    {
      name: 'raw',
      title: 'raw Node http + undici',
      prepare: async ({ upstream, port }) => ({
        command: process.execPath,
        args: [RAW_PROXY, '--upstream', upstream],
        env: { PATH: process.env.PATH, PORT: String(port) },
        first: firstChat(PROVIDER_TARGET),
      }),
    },
    {
      name: 'nginx',
      title: `nginx ${nginxVersion}`.trim(),
      ...(nginx === undefined && { absent: 'not installed' }),
      async prepare({ upstream, port, dir }) {
        const [command, ...args] = await nginxCommand(nginxProxy(nginx!, upstream), port, dir);
        return { command, args, env: process.env, first: firstChat(PROVIDER_TARGET) };
      },
    },
    { name: 'new', title: '`throughline start`, new folder', isNew: true, ...ours },
    { name: 'again', title: '`throughline start`, same folder again', ...ours },
    ...(bench.peers ? peerStarters() : []),
  ];
}

/** The gateways, and those that keep calls or spans. */
function peerStarters(): Starter[] {
  return [
    ...GATEWAY_PEERS.map((peer) => peerStarter(peer.name, peer, (upstream) => peer.chat(upstream))),
    peerStarter('mlflow-server', mlflowServer),
    peerStarter('phoenix', phoenixServer),
  ];
}

function peerStarter(name: string, peer: PeerServer, chat?: (upstream: string) => ChatTarget): Starter {
  const { title, release } = peer;
  return {
    name,
    title: `${title} ${release.version}`,
    ...(!isInstalled(release) && { absent: 'not installed' }),
    async prepare({ upstream, port, dir }) {
      const { command, args, env, health } = await peer.command(releaseFolder(release), {
        upstream,
        port,
        dataDir: dir,
      });
      return {
        command,
        args,
        env: { ...process.env, ...env, NO_PROXY: '127.0.0.1,localhost' },
        first: chat ? firstChat(chat(upstream)) : { path: health },
      };
    },
  };
}

async function prepareOurs({ upstream, port, dir }: StartPlace): Promise<PreparedStart> {
  return {
    command: process.execPath,
    args: [...THROUGHLINE, 'start'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      PROVIDER_OPENAI_URL: upstream,
      THROUGHLINE_DATA_DIR: dir,
      THROUGHLINE_API_KEY: 'sk-helicone-benchbe-nchbenc-hbenchb-enchben',
      LOG_LEVEL: 'warn',
    },
    first: firstChat(GATEWAY_TARGET),
  };
}

function firstChat(target: ChatTarget): PreparedStart['first'] {
  const { headers, body } = chatCalls({ target })[0]!;
  return { path: target.path, headers, body };
}

const RAW_PROXY = fileURLToPath(new URL('raw-proxy-process.ts', import.meta.url));
