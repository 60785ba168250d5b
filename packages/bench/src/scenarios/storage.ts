import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { startThroughline, type ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { startAgentUpstream } from '../contestants/contestants.ts';
import { drained } from '../contestants/product.ts';
import { runAgentLoad } from '../load/agent-load.ts';
import { readMetric } from '../measure/metric.ts';
import { type EngineSession, openEngineSession } from '../query/engine-session.ts';
import { number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { GATEWAY_TARGET } from '../traffic/chat-calls.ts';
import { checkExact } from './whole-process.ts';

const SESSIONS = 64;
/** What each body takes compressed alone, by this much of what it takes in the tables. */
const ALONE_AT_LEAST = 25;
/** Bodies that are read at a time. */
const PAGE = 200;

interface Bodies {
  readonly calls: number;
  /** As they went over the wire. */
  readonly bytes: number;
  /** Each compressed alone: zstd, its usual level. */
  readonly aloneBytes: number;
}

interface TableBytes {
  readonly table: string;
  readonly bytes: number;
  readonly parts: number;
}

export const storage: Scenario = {
  name: 'storage',
  about: 'what calls of agents take on disk, in the event log and in the tables, against each body compressed alone',
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const dir = stack.use(await createTempDir('bench-storage'));
    const upstream = stack.adopt(await startAgentUpstream(bench), (one) => one.stop());
    const env = { LOG_LEVEL: 'warn' };
    const product = await startThroughline({ providerOrigin: upstream.origin, dataDir: dir.path, env });
    let logBytes = 0;
    try {
      await runAgentLoad(bench, {
        origin: product.url,
        target: GATEWAY_TARGET,
        ...(bench.conversations !== undefined && { folder: bench.conversations }),
        sessions: SESSIONS,
        // A conversation that comes again would flatter us.
        seconds: 'once',
        run: 'storage',
      });
      await drained(product);
      logBytes = await logBytesOf(product);
      await checkExact(product);
    } finally {
      await product.stop();
    }
    bench.progress('bodies are compressed alone, and merged in their table');
    const tables = join(dir.path, 'clickhouse');
    // Of this process: it decides how the engine runs.
    stack.adopt(await openEmbeddedAnalytics({ dir: tables }), (one) => one.close());
    const engine = stack.adopt(await openEngineSession(tables), (one) => one.close());
    const bodies = await readBodies(engine);
    const before = await tableBytes(engine);
    await engine.run('OPTIMIZE TABLE request_bodies FINAL');
    await engine.run('OPTIMIZE TABLE requests FINAL');
    const after = await tableBytes(engine);
    const perByte = (bytes: number) => (bytes / bodies.bytes).toFixed(4);
    const of = (all: readonly TableBytes[], table: string) => all.find((one) => one.table === table)!;
    const row = (name: string, bytes: number, parts?: number) => [
      name,
      number(bytes / 1e6),
      number(bytes / bodies.calls),
      perByte(bytes),
      `${(bodies.aloneBytes / bytes).toFixed(1)}x`,
      parts === undefined ? '-' : String(parts),
    ];
    const merged = of(after, 'request_bodies').bytes;
    return {
      columns: ['', 'MB', 'bytes a call', 'of a byte on the wire', 'alone by it', 'parts'],
      rows: [
        row('bodies as they went over the wire', bodies.bytes),
        row('each compressed alone (zstd)', bodies.aloneBytes),
        row('event log, whole events', logBytes),
        ...before.map(({ table, bytes, parts }) => row(`${table}, at the end of the load`, bytes, parts)),
        ...after.map(({ table, bytes, parts }) => row(`${table}, merged`, bytes, parts)),
      ],
      figures: [
        {
          name: 'bodies compressed alone by bodies in their table, merged',
          value: bodies.aloneBytes / merged,
          unit: 'x',
          atLeast: ALONE_AT_LEAST,
        },
        { name: 'bytes of bodies on disk per byte on the wire, merged', value: merged / bodies.bytes, unit: '' },
        { name: 'bytes of the event log per byte of bodies', value: logBytes / bodies.bytes, unit: '' },
      ],
      notes: [
        `${number(bodies.calls)} calls, ${number(bodies.bytes / bodies.calls / 1_000)} kB of bodies each; ${bench.conversations === undefined ? 'made-up conversations' : 'conversations of the folder that was named'}`,
        'the event log is deleted behind what is applied (retention); the tables are what stays',
      ],
      samples: { bodies, logBytes, before, after },
    };
  },
};

async function logBytesOf(product: ThroughlineProcess): Promise<number> {
  return readMetric(await (await fetch(`${product.url}/metrics`)).text(), 'throughline_log_bytes');
}

/** Reads all of them back, so that what is compared is what is stored: there is one partition, and offsets have no gaps. */
async function readBodies(engine: EngineSession): Promise<Bodies> {
  let [calls, bytes, aloneBytes] = [0, 0, 0];
  for (let found = PAGE; found === PAGE; calls += found) {
    const rows = await engine.rows<{ request: string; response: string }>(`
SELECT base64Encode(request_body) AS request, base64Encode(response_body) AS response
FROM request_bodies WHERE source_offset >= ${calls} AND source_offset < ${calls + PAGE}`);
    for (const body of rows.flatMap(({ request, response }) => [request, response])) {
      const plain = Buffer.from(body, 'base64');
      bytes += plain.length;
      aloneBytes += zstdCompressSync(plain).length;
    }
    found = rows.length;
  }
  return { calls, bytes, aloneBytes };
}

async function tableBytes(engine: EngineSession): Promise<TableBytes[]> {
  const rows = await engine.rows<{ table: string; bytes: string; parts: string }>(`
SELECT table, sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts
WHERE database = 'throughline' AND active AND table IN ('request_bodies', 'requests', 'sessions')
GROUP BY table ORDER BY table`);
  return rows.map(({ table, bytes, parts }) => ({ table, bytes: Number(bytes), parts: Number(parts) }));
}
