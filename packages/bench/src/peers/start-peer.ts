import { join } from 'node:path';
import { createServerProcess } from '@throughline/local-servers/server-process';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { endTree } from '../processes/end-tree.ts';
import type { Bench } from '../scenario.ts';
import { releaseFolder } from './install-release.ts';
import type { PeerServer } from './peer.ts';

export interface RunningServer {
  /** Of the first of its processes. */
  readonly pid: number;
  readonly origin: string;
  /** What it keeps is there. */
  readonly dataDir: string;
  /** Ends all of its processes. */
  stop(): Promise<void>;
}

/** Imports of Python on a busy machine. */
const START_MS_MAX = 180_000;

/** @param core that it runs on, where pinning is possible. @throws with what it wrote, where it does not serve in time. */
export async function startPeer(
  bench: Bench,
  peer: PeerServer,
  upstream: string,
  core?: number,
): Promise<RunningServer> {
  const data = await createTempDir(`peer-${peer.release.name}`);
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const { command, args, env, health, prepare } = await peer.command(releaseFolder(peer.release), {
    upstream,
    port,
    dataDir: data.path,
  });
  const { taskset } = bench.tools;
  const pinned = taskset && core !== undefined ? [taskset, '-c', String(core), command, ...args] : [command, ...args];
  const server = createServerProcess({
    name: peer.title,
    command: pinned[0]!,
    args: pinned.slice(1),
    env: { ...env, NO_PROXY: '127.0.0.1,localhost' },
    cwd: data.path,
    logFile: join(data.path, 'server.log'),
    ready: () =>
      fetch(origin + health, { signal: AbortSignal.timeout(2_000) }).then(
        (answer) => answer.body?.cancel().then(() => true) ?? true,
        () => false,
      ),
    startTimeoutMs: START_MS_MAX,
  });
  const stop = async () => {
    await endTree(server.pid, () => server.stop());
    await data.remove();
  };
  try {
    await server.restart();
    await prepare?.(origin);
    return { pid: server.pid!, origin, dataDir: data.path, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
