/** What the main thread runs once the instance is ready, in one place because it is loaded late and at once. */
export { createSignedLinks } from '@throughline/http/signed-links';
export { createTargetPolicy } from '@throughline/outbound/target-policy';
export { createTokenCounter } from '@throughline/providers/estimate/token-counter';
export { createAdministration } from '@throughline/query/tenants/administration';
export { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
export { keepPurging } from '@throughline/session-aggregator/deletion/keep-purging';
export { createSessionAggregator } from '@throughline/session-aggregator/session-aggregator';
export { createWebhookDeliverer } from '@throughline/session-aggregator/webhooks/webhook-deliverer';
export { createMetrics } from '@throughline/telemetry/metrics';
export { startTracing } from '@throughline/telemetry/tracing';
export { auditDataDir } from './audit-data-dir.ts';
export { startControlServer } from './control-server.ts';
export { deadLetterAnswers } from './dead-letter-answers.ts';
export { purging } from './deletion-settings.ts';
export { serveMetrics } from './main-thread-metrics.ts';
export { storeBootstrapRow } from './services/bootstrap-key-rows.ts';
