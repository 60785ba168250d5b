/**
 * ClickHouse's HTTP interface as a process: `server-process.ts <folder> <port>`, port 0 for a free one. User and password
 * come in the environment (`CLICKHOUSE_USER`, `CLICKHOUSE_PASSWORD`), where other users of the machine do not see them.
 *
 * Prints one line of JSON, `{"port":…,"version":…}`, when it serves. SIGTERM ends statements and lets the engine go.
 */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { serveEngine } from './create-server.ts';
import { openServerEngine } from './engine.ts';

const [folder, port = '0'] = process.argv.slice(2);
if (!folder || !/^\d{1,5}$/.test(port)) {
  process.stderr.write('usage: server-process.ts <folder> <port>\n');
  process.exit(2);
}
const dir = resolve(folder);
mkdirSync(dir, { recursive: true });
const engine = await openServerEngine(dir);
const { CLICKHOUSE_USER: user = 'default', CLICKHOUSE_PASSWORD: password = '' } = process.env;
const served = serveEngine(engine, dir, { user, password });
served.server.listen(Number(port), '127.0.0.1');
await once(served.server, 'listening');
const address = served.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ port: address.port, version: engine.version })}\n`);

process.once('SIGTERM', async () => {
  await served.close();
  await engine.close();
  process.exit(0);
});
