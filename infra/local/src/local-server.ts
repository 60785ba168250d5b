import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findFreePort, isFreePort } from '@throughline/testkit/process/free-port';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { createServerProcess, PortTaken, type ServerProcess, type ServerProcessOptions } from './server-process.ts';

/** What every server of this package can be told. Ports and data stay the same over kills and restarts. */
export interface LocalServer extends AsyncDisposable {
  /** Its data and its log; a temporary folder unless one was given. */
  readonly dir: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Ends it in order (SIGTERM). Data stays. Does nothing while it does not run. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL. Data stays. Does nothing while it does not run. */
  kill(): Promise<void>;
  /** Starts it again after an end; one that runs is stopped first. Resolves when it serves. */
  restart(): Promise<void>;
  /** SIGSTOP: its connections stay open, and nothing is answered until `resume`. */
  pause(): void;
  resume(): void;
  /** Everything it wrote in all starts. */
  log(): string;
  /** Ends it at once and removes its folder, unless that was given. */
  remove(): Promise<void>;
}

/** What every start function takes. */
export interface LocalServerOptions {
  /** Folder for data and log, kept by `remove`. Default: a temporary one, which is not. */
  readonly dir?: string;
  /** It outlives this process. Else it ends with it, however that one ends. */
  readonly detached?: boolean;
  /** Told of each process as soon as there is one, with its first port; it does not serve yet. */
  readonly onSpawn?: (pid: number, port: number) => void;
}

/** How one kind of server is run on given ports. */
export type Launch = (dir: string, ports: readonly number[]) => Promise<LaunchPlan>;
type LaunchPlan = Omit<ServerProcessOptions, 'cwd' | 'logFile' | 'detached' | 'onSpawn' | 'name'>;

/** Between finding a free port and listening on it somebody else may take it. Three such accidents are none. */
const PORT_TRIES_MAX = 3;

/**
 * Starts a server in a folder, on ports that were asked for or, where undefined, on free ones.
 *
 * @param launch writes what the server reads from its folder, and says how it is run.
 * @throws Error with the end of its log where it does not start.
 */
export async function startLocalServer(
  name: string,
  options: LocalServerOptions,
  wantedPorts: readonly (number | undefined)[],
  launch: Launch,
): Promise<{ server: LocalServer; ports: readonly number[] }> {
  const ownDir: TempDir | undefined = options.dir === undefined ? await createTempDir(name.toLowerCase()) : undefined;
  const dir = ownDir?.path ?? resolve(options.dir!);
  mkdirSync(dir, { recursive: true });
  try {
    const { running, ports } = await startOnPorts(name, options, wantedPorts, launch, dir);
    return { server: asServer(running, dir, ownDir), ports };
  } catch (error) {
    await ownDir?.remove();
    throw error;
  }
}

async function startOnPorts(
  name: string,
  options: LocalServerOptions,
  wantedPorts: readonly (number | undefined)[],
  launch: Launch,
  dir: string,
): Promise<{ running: ServerProcess; ports: readonly number[] }> {
  // Kafka alone needs 10 s to find out.
  for (const port of wantedPorts) {
    if (port !== undefined && !(await isFreePort(port))) throw new PortTaken(`${name} found its port ${port} taken`);
  }
  for (let attempt = 1; ; attempt++) {
    const ports: number[] = [];
    for (const wanted of wantedPorts) ports.push(wanted ?? (await findFreePort()));
    const logFile = join(dir, 'server.log');
    const plan = await launch(dir, ports);
    const running = createServerProcess({
      ...plan,
      name,
      cwd: dir,
      logFile,
      detached: options.detached,
      onSpawn: (pid) => options.onSpawn?.(pid, ports[0]!),
    });
    try {
      await running.restart();
      return { running, ports };
    } catch (error) {
      const allAsked = wantedPorts.every((wanted) => wanted !== undefined);
      if (!(error instanceof PortTaken) || allAsked || attempt === PORT_TRIES_MAX) throw error;
    }
  }
}

function asServer(running: ServerProcess, dir: string, ownDir: TempDir | undefined): LocalServer {
  const remove = async () => {
    await running.kill();
    await ownDir?.remove();
  };
  return {
    dir,
    get pid() {
      return running.pid;
    },
    stop: running.stop,
    kill: running.kill,
    restart: running.restart,
    pause: running.pause,
    resume: running.resume,
    log: running.log,
    remove,
    [Symbol.asyncDispose]: remove,
  };
}
