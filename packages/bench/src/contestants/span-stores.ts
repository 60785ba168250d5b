import { isInstalled } from '../peers/install-release.ts';
import { countMlflowRows, mlflowRelease, mlflowServer } from '../peers/mlflow.ts';
import { phoenixRelease, startPhoenix } from '../peers/phoenix.ts';
import { startPeer } from '../peers/start-peer.ts';
import type { Bench } from '../scenario.ts';
import { TRACES_PATH } from '../traffic/logged-calls.ts';
import { startDrained } from './product.ts';

/** Something that takes spans by OTLP and has sessions of them. */
export interface SpanStore {
  readonly name: string;
  readonly title: string;
  /** Why it is not measured here; undefined: it is. */
  readonly absent?: string;
  /** Exports of a round: as many as it has stored after some seconds, or a minute. */
  readonly exports: number;
  start(): Promise<RunningSpanStore>;
}

export interface RunningSpanStore {
  /** Of the first of its processes. */
  readonly pid: number;
  /** Where exports go. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Spans that can be asked for at present. */
  queryable(): Promise<number>;
  stop(): Promise<void>;
}

export function spanStores(bench: Bench): SpanStore[] {
  const product: SpanStore = {
    name: 'throughline',
    title: 'Throughline, everything in one process',
    exports: 80,
    start: () => startOurs(bench),
  };
  if (!bench.peers) return [product];
  return [
    product,
    {
      name: 'mlflow',
      title: `MLflow server, SQLite, ${mlflowRelease.version}`,
      ...(!isInstalled(mlflowRelease) && { absent: 'not installed' }),
      exports: 8,
      start: () => startMlflow(bench),
    },
    {
      name: 'phoenix',
      title: `Arize Phoenix, SQLite, ${phoenixRelease.version}`,
      ...(!isInstalled(phoenixRelease) && { absent: 'not installed' }),
      exports: 6,
      start: async () => {
        const { pid, origin, spans, stop } = await startPhoenix(bench);
        return { pid, url: origin + TRACES_PATH, headers: {}, queryable: () => spans('default'), stop };
      },
    },
  ];
}

async function startOurs(bench: Bench): Promise<RunningSpanStore> {
  const { product, applied, stop } = await startDrained(bench, 'http://127.0.0.1:9');
  const headers = { authorization: `Bearer ${product.key}` };
  return { pid: product.pid!, url: product.url + TRACES_PATH, headers, queryable: applied, stop };
}

async function startMlflow(bench: Bench): Promise<RunningSpanStore> {
  const { pid, origin, dataDir, stop } = await startPeer(bench, mlflowServer, 'http://127.0.0.1:9');
  return {
    pid,
    url: origin + TRACES_PATH,
    // The experiment that there is from the start.
    headers: { 'x-mlflow-experiment-id': '0' },
    queryable: async () => countMlflowRows(dataDir, 'spans'),
    stop,
  };
}
