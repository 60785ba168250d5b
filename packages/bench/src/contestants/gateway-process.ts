/**
 * The gateway alone: its router on the app that the product serves it with, without aggregator, store and query API.
 * `--record log`: every call goes into a log of segment files (`--dir`). `--record none`: calls carry no key and we are
 * not on a loopback address as far as it knows, so they are proxied and not recorded. Log endpoints know one key.
 * `--state`: what it remembers from one call to the next is in LMDB there, and there is a recorded session.
 */
import type { AddressInfo } from 'node:net';
import { openLmdbCallState } from '@throughline/call-state/open-lmdb-call-state';
import { hashKey, type KeyRecord } from '@throughline/contracts/keys';
import type { EventAppender } from '@throughline/event-log/event-log';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import { createGatewayRouter } from '@throughline/gateway/gateway-router';
import { createProviderDirectory } from '@throughline/gateway/provider-directory';
import { createApp } from '@throughline/http/app';
import { apiErrorHandler, unknownRoute } from '@throughline/http/error-handler';
import { loopbackHostCheck } from '@throughline/http/loopback-host';
import { applyServerLimits, SERVER_OPTIONS } from '@throughline/http/server-limits';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { argument, onParentGone, onParentMessage, optionalArgument, tellParent } from '../processes/parent.ts';
import { LOG_KEY } from '../traffic/logged-calls.ts';
import { benchRecords } from './recorded-session.ts';

const BENCH_KEY: KeyRecord = { hash: hashKey(LOG_KEY), id: 'bench', tenantId: 'default', permissions: ['w'] };

const isRecording = argument('record') === 'log';
const logger = createLogger('bench', { level: 'warn', pretty: false });
const appender: EventAppender = isRecording
  ? openFileAppender({
      dir: argument('dir'),
      onWarn: (text) => logger.warn(text),
      onError: (text) => logger.error(text),
    })
  : unusedAppender();

const stateDir = optionalArgument('state');
const callState = stateDir === undefined ? undefined : openLmdbCallState({ dir: stateDir });

const gateway = createGatewayRouter({
  appender,
  callState,
  records: callState && benchRecords(),
  keys: { find: (hash) => (hash === BENCH_KEY.hash ? BENCH_KEY : undefined) },
  providers: createProviderDirectory({ OPENAI: argument('upstream') }),
  metrics: createMetrics(),
  logger,
  clock: Date,
  config: { loopback: isRecording },
});
const { app, createServer } = createApp();
app.use(loopbackHostCheck());
app.use(gateway.router);
app.use(unknownRoute);
app.use(apiErrorHandler({ logger }));
const server = createServer(SERVER_OPTIONS);
applyServerLimits(server);

server.listen(0, '127.0.0.1', () => tellParent({ port: (server.address() as AddressInfo).port }));
onParentMessage<'stats'>(() => tellParent(appender.stats));
onParentGone(async () => {
  server.closeAllConnections();
  await gateway.drain();
  await callState?.close();
  await appender.close();
});

/** For calls that are not recorded: an append would be a mistake in this benchmark. */
function unusedAppender(): EventAppender {
  return {
    producerId: 'none',
    partitions: 1,
    writable: true,
    stats: { appended: 0, refused: 0, bytes: 0, lastSeq: [] },
    append: () => Promise.reject(new Error('nothing is to be recorded here')),
    close: () => Promise.resolve(),
  };
}
