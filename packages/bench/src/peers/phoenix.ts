import { findFreePort } from '@throughline/testkit/process/free-port';
import type { Bench } from '../scenario.ts';
import type { PeerServer, Release } from './peer.ts';
import { postJson } from './post-json.ts';
import { installPython, pythonOf, pythonScript } from './python.ts';
import { startPeer } from './start-peer.ts';

const VERSION = '20.26.1';

export const phoenixRelease: Release = {
  name: 'phoenix',
  version: VERSION,
  needs: ['python3'],
  install: (folder) => installPython(folder, [`arize-phoenix==${VERSION}`]),
};

/** Over SQLite: takes spans by OTLP, and has sessions of them. */
export const phoenixServer: PeerServer = {
  title: 'Arize Phoenix, SQLite',
  release: phoenixRelease,
  command: async (folder, { port, dataDir }) => ({
    command: pythonOf(folder),
    args: [pythonScript(folder, 'phoenix'), 'serve'],
    env: {
      PHOENIX_HOST: '127.0.0.1',
      PHOENIX_PORT: String(port),
      PHOENIX_GRPC_PORT: String(await findFreePort()),
      PHOENIX_WORKING_DIR: dataDir,
      PHOENIX_SQL_DATABASE_URL: `sqlite:///${dataDir}/phoenix.db`,
      PHOENIX_TELEMETRY_ENABLED: 'false',
      PHOENIX_ALLOW_EXTERNAL_RESOURCES: 'false',
    },
    health: '/healthz',
  }),
};

export interface RunningPhoenix {
  readonly pid: number;
  readonly origin: string;
  /** Traces of a project that its API counts. */
  traces(project: string): Promise<number>;
  /** Spans of a project that its API counts. */
  spans(project: string): Promise<number>;
  stop(): Promise<void>;
}

/** @throws with what it wrote, where it does not serve in time. */
export async function startPhoenix(bench: Bench): Promise<RunningPhoenix> {
  const { pid, origin, stop } = await startPeer(bench, phoenixServer, '');
  const count = async (what: 'traceCount' | 'recordCount', project: string) => {
    const query = `{ getProjectByName(name: ${JSON.stringify(project)}) { ${what} } }`;
    type Counted = { data: { getProjectByName: Record<string, number> | null } };
    const { data } = await postJson<Counted>(`${origin}/graphql`, { query });
    return data.getProjectByName?.[what] ?? 0;
  };
  return {
    pid,
    origin,
    traces: (project) => count('traceCount', project),
    spans: (project) => count('recordCount', project),
    stop,
  };
}
