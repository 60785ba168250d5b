/**
 * Which sources may open connections to other hosts. Whatever a caller can name goes through one of them, where the
 * address is decided (`packages/outbound`); the others connect where the operator said.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** File → why it connects, and who says where to. */
export const CONNECTING: Readonly<Record<string, string>> = {
  'services/gateway/src/upstream/upstreams.ts': 'calls to providers, each address decided by target-policy.ts',
  'services/gateway/src/upstream/open-socket.ts': 'realtime calls to providers, by the same decision and look-up',
  'services/gateway/src/realtime/outlet.ts': 'states of sockets that are open',
  'packages/outbound/src/checked-lookup.ts': 'looks names up for those, and checks what they resolve to',
  'services/session-aggregator/src/webhooks/webhook-sender.ts': 'webhooks of tenants, by the same decision and look-up',
  'packages/analytics/src/http/server-client.ts': 'CLICKHOUSE_URL',
  'packages/event-log/src/kafka/kafka-options.ts': 'KAFKA_BROKERS, and those that they name',
  'services/session-aggregator/src/steps/prepare-entry-step.ts': 'its fetch is that of the body store, BODY_STORE_URL',
  'packages/standalone/src/api-connection.ts': 'commands over the API, where --url says',
  'services/query/src/replay/http-gateway-caller.ts': 'this very process, or GATEWAY_URL',
  'packages/standalone/src/control-client.ts': 'a socket in the data directory',
  'packages/standalone/src/demo/run-demo.ts': 'this very process',
};

/**
 * Modules that open connections; what is only a type of theirs, or a question about a text, is no connection. Client
 * libraries of stores are not among them: `check-imports.ts` keeps those in adapters, which take their addresses from
 * KAFKA_BROKERS, REDIS_URL, CLICKHOUSE_URL, BODY_STORE_URL and OTEL_EXPORTER_OTLP_ENDPOINT.
 */
const CONNECTORS = [
  'undici',
  'ws',
  'node:http',
  'node:https',
  'node:http2',
  'node:net',
  'node:tls',
  'node:dgram',
  'node:dns',
  'node:dns/promises',
  '@smithy/node-http-handler',
];
const HARMLESS = new Set(['isIP', 'isIPv4', 'isIPv6', 'errors', 'createServer', 'STATUS_CODES', 'WebSocketServer']);
/** Of these, what is taken is a server. */
const SERVERS = new Set(['packages/http/src/app.ts', 'packages/standalone/src/control-server.ts']);

/** In the order that a person reads: `path: what it does`. Empty when all is well. */
export function unexpectedConnections(root: string): string[] {
  const unexpected: string[] = [];
  for (const file of sources(root)) {
    if (CONNECTING[file] || SERVERS.has(file)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    unexpected.push(
      ...connectionsIn(text).map((what) => `${file} ${what}, and is not in tools/outbound-connections.ts`),
    );
  }
  return unexpected;
}

/** Ways to another host that a source has: modules that it takes more than types from, and globals that it calls. */
export function connectionsIn(source: string): string[] {
  const found: string[] = [];
  for (const [, names, , target, late] of source.matchAll(IMPORT)) {
    const module = (target ?? late)!;
    if (!CONNECTORS.some((name) => module === name || module === name.replace('node:', ''))) continue;
    if (late || !isHarmless(names!)) found.push(`takes ${module}`);
  }
  for (const [, name] of source.matchAll(GLOBAL)) found.push(`calls ${name}`);
  return found;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+([^;'"]*?)(\s*from\s+)['"]([^'"]+)['"]|(?:\bimport\(|\brequire\(|getBuiltinModule\()\s*['"]([^'"]+)['"]/g;
/** Called as globals: not methods, nor members of anything else. */
const GLOBAL =
  /(?:\b(?:await|return|void|new)\s+|=>?\s*|[(,]\s*)(?:globalThis\.)?(fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(/g;

/** `import type …`, `{ type A, isIP }`. */
function isHarmless(names: string): boolean {
  if (/^type\s/.test(names)) return true;
  const braces = /^\{([^}]*)\}$/.exec(names.trim());
  if (!braces) return false;
  return braces[1]!
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .every((name) => /^type\s/.test(name) || HARMLESS.has(name.split(' ')[0]!));
}

/** Production code: everything under `src/` of services and packages but tests, and what only tests and benchmarks use. */
function* sources(root: string): Generator<string> {
  for (const home of ['services', 'packages']) {
    for (const name of readdirSync(join(root, home))) {
      const src = join(root, home, name, 'src');
      if (FOR_TESTS.has(name) || !existsSync(src)) continue;
      for (const entry of readdirSync(src, { withFileTypes: true, recursive: true })) {
        if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
        const file = relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
        if (!file.includes('/fixtures/')) yield file;
      }
    }
  }
}

/** `client` is what callers run; the dashboard runs in browsers. */
const FOR_TESTS = new Set(['testkit', 'bench', 'client', 'dashboard']);
