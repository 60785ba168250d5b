import { rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import type { PreparedStart, Starter } from '../contestants/starters.ts';
import { type Launched, launch } from '../processes/launch.ts';

/** From the start of the process, ms. */
export interface StartSample {
  readonly firstCallMs: number;
  /** NaN where it does not tell of being ready. */
  readonly readyMs: number;
}

/** Something that can be started, on its folder and port. */
export interface Startable extends Pick<Starter, 'ready'>, PreparedStart {
  readonly dir: string;
  readonly port: number;
}

export interface RunningStart extends Launched {
  readonly start: StartSample;
}

/** Between two tries to reach a process that is starting. */
const TRY_MS = 1;
/** Imports of Python on a busy machine. */
const START_MS_MAX = 180_000;
/** One that takes a call while it starts and does not answer is called again. */
const ANSWER_MS_MAX = 10_000;

/**
 * Starts a server and waits for its first answer, which is asked for as soon as somebody listens, and then until it is ready.
 *
 * @throws with what it wrote, where it ends or takes too long.
 */
export async function startOnce(startable: Startable): Promise<RunningStart> {
  const { dir, port, first, ready } = startable;
  const server = launch(startable, dir);
  const since = () => performance.now() - server.startedAt;
  const until = ({ path, ...call }: PreparedStart['first']) => {
    const attempt = async () => {
      server.checkRuns();
      const signal = AbortSignal.timeout(ANSWER_MS_MAX);
      const { status } = await rawCall({ ...call, url: `http://127.0.0.1:${port}${path}`, signal });
      return status === 200;
    };
    return waitFor(attempt, { timeoutMs: START_MS_MAX, intervalMs: TRY_MS, what: `200 of ${path}` });
  };
  try {
    await until(first);
    const firstCallMs = since();
    if (ready !== undefined) await until({ path: ready });
    return { ...server, start: { firstCallMs, readyMs: ready === undefined ? Number.NaN : since() } };
  } catch (error) {
    const output = server.output();
    await server.stop();
    throw new Error(`${(error as Error).message}\n${output}`, { cause: error });
  }
}
